using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tests;

/// <summary>A folder of its own, and the command run in it with what it prints at hand.</summary>
internal sealed class CommandHarness : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ourtorrent-test-");

    public string Folder => _folder.FullName;

    public byte[] Input { get; set; } = [];

    public bool IsTerminal { get; set; }

    public bool UseColor { get; set; }

    public int Width { get; set; } = 100;

    public int Height { get; set; } = 40;

    /// <summary>The variables of the environment.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether an interruption is SIGTERM rather than Ctrl-C.</summary>
    public bool IsTerminated { get; set; }

    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    /// <summary>What a command sees that prints nothing.</summary>
    public CommandEnvironment Environment => EnvironmentFor(TextWriter.Null, TextWriter.Null, new MemoryStream());

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void WriteFile(string name, ReadOnlySpan<byte> content)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    /// <summary>Copies a file or folder of the fixtures into the folder.</summary>
    public void Copy(string fixture)
    {
        string from = Fixture(fixture);
        string to = PathOf(Path.GetFileName(fixture));
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => Start(arguments).EndAsync();

    /// <summary>Starts a command.</summary>
    public RunningCommand Start(params string[] arguments)
    {
        var output = new LineWriter();
        var error = new LineWriter();
        var bytes = new MemoryStream();
        return new RunningCommand(EnvironmentFor(output, error, bytes), output, error, bytes, arguments);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CommandEnvironment EnvironmentFor(TextWriter output, TextWriter error, MemoryStream bytes) => new()
    {
        Out = output,
        Error = error,
        OpenInput = () => new MemoryStream(Input),
        OpenOutput = () => bytes,
        OutIsTerminal = IsTerminal,
        ErrorIsTerminal = IsTerminal,
        UseColor = UseColor,
        TerminalSize = () => (Width, Height),
        Variables = Variables,
        IsTerminated = () => IsTerminated,
        CurrentDirectory = Folder,
        StateDirectory = PathOf(".state"),
    };
}
