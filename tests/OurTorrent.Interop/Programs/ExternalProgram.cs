using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace OurTorrent.Interop.Programs;

/// <summary>
/// A program of somebody else that a test has started. What it prints is kept, and told with the test's own output; it is
/// ended, by its own process id, with the test at the latest.
/// </summary>
internal sealed class ExternalProgram : IAsyncDisposable
{
    private const int MaxLines = 500;

    private static readonly ConcurrentDictionary<Process, bool> Running = [];

    private readonly Process _process;
    private readonly string _name;
    private readonly ITestOutputHelper? _testOutput;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();

    // An interrupted test run must not leave anything behind.
    static ExternalProgram() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (Process process in Running.Keys)
            Kill(process);
    };

    private ExternalProgram(Process process, string name)
    {
        _process = process;
        _name = name;
        _testOutput = TestContext.Current.TestOutputHelper;
        process.OutputDataReceived += (_, e) => Received(e.Data, isOutput: true);
        process.ErrorDataReceived += (_, e) => Received(e.Data, isOutput: false);
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The last lines it has printed.</summary>
    public string LastWords => string.Join('\n', _lines);

    /// <summary>Starts a program in a folder that is also its home, so that no settings of the user have a say.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="home">The folder.</param>
    public static ExternalProgram Start(string path, IEnumerable<string> arguments, string home)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = Directory.CreateDirectory(home).FullName,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["HOME"] = home;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (string name in start.Environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);

        var program = new ExternalProgram(new Process { StartInfo = start }, Path.GetFileName(path));
        program._process.Start();
        Running[program._process] = true;
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <summary>Takes the next line of its standard output.</summary>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _output.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Patience.Limit, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            await _process.WaitForExitAsync(cancellationToken);
            throw new InvalidOperationException($"{_name} has ended with {_process.ExitCode}: {LastWords}", closed);
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience.Limit, cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync(CancellationToken.None);
        Running.TryRemove(_process, out _);
        _testOutput?.WriteLine($"--- {_name} has ended with {_process.ExitCode}. It said:\n{LastWords}");
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

    private void Received(string? line, bool isOutput)
    {
        if (line is null)
        {
            if (isOutput)
                _output.Writer.TryComplete();
            return;
        }

        _lines.Enqueue(line);
        if (_lines.Count > MaxLines)
            _lines.TryDequeue(out _);
        if (isOutput)
            _output.Writer.TryWrite(line);
    }
}
