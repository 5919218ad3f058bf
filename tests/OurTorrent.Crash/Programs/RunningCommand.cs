using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace OurTorrent.Crash.Programs;

/// <summary>The program under test at work: what it prints is kept, and it is ended, by its own process id, with the test at the latest.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<Process, bool> Running = [];

    private readonly Process _process;
    private readonly string _arguments;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly ITestOutputHelper? _testOutput = TestContext.Current.TestOutputHelper;

    // An interrupted test run must not leave anything behind.
    static RunningCommand() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (Process process in Running.Keys)
            Kill(process);
    };

    private RunningCommand(Process process, string arguments)
    {
        _process = process;
        _arguments = arguments;
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null)
                _output.Writer.TryComplete();
            else
                _output.Writer.TryWrite(e.Data);
        };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null)
                _errors.Enqueue(e.Data);
        };
    }

    /// <summary>What it has said on standard error.</summary>
    public string Errors => string.Join('\n', _errors);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts the program.</summary>
    /// <param name="stateHome">Where it keeps its state.</param>
    /// <param name="arguments">What it is told.</param>
    public static RunningCommand Start(string stateHome, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(OurTorrentBinary.Path, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_STATE_HOME"] = stateHome;
        var command = new RunningCommand(new Process { StartInfo = start }, string.Join(' ', arguments));
        command._process.Start();
        Running[command._process] = true;
        command._process.BeginOutputReadLine();
        command._process.BeginErrorReadLine();
        return command;
    }

    /// <summary>Downloads, told in lines of JSON.</summary>
    /// <param name="stateHome">Where it keeps its state.</param>
    /// <param name="torrent">The .torrent file.</param>
    /// <param name="folder">Where the content goes.</param>
    /// <param name="more">What else it is told.</param>
    public static RunningCommand Get(string stateHome, string torrent, string folder, params IEnumerable<string> more) =>
        Start(stateHome, ["get", torrent, "-d", folder, "--json", "--port", "0", "--bind", "127.0.0.1", .. more]);

    /// <summary>Takes lines until one tells of an event.</summary>
    public async Task<TransferLine> ReadAsync(string name) => TransferLine.Parse(await ReadLineAsync(name));

    /// <summary>Takes lines until one tells of an event.</summary>
    /// <returns>The line as it is.</returns>
    public async Task<string> ReadLineAsync(string name)
    {
        await foreach (string line in _output.Reader.ReadAllAsync(Cancelled))
        {
            string read = TransferLine.Parse(line).Event;
            if (read == name)
                return line;
            if (read == "error")
                Assert.Fail($"Waiting for \"{name}\": {line}");
        }

        throw new InvalidOperationException($"ourtorrent {_arguments} ended without saying \"{name}\": {Errors}");
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code, and the last line it printed.</returns>
    public async Task<(int ExitCode, string LastLine)> EndAsync()
    {
        string last = "";
        await _process.WaitForExitAsync(Cancelled).WaitAsync(Patience.Limit, Cancelled);
        await foreach (string line in _output.Reader.ReadAllAsync(Cancelled))
            last = line;
        return (_process.ExitCode, last);
    }

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills it (SIGKILL), and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync(CancellationToken.None);
        Running.TryRemove(_process, out _);
        if (!_errors.IsEmpty)
            _testOutput?.WriteLine($"--- ourtorrent {_arguments} has ended with {_process.ExitCode}. It said:\n{Errors}");
        _process.Dispose();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself, or never began.
        }
    }
}
