using System.Text.Json;
using OurTorrent.Cli;
using OurTorrent.Cli.Terminal;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Sharing;

/// <summary><c>ourtorrent share --json</c> at work, for one copy, on the loopback address.</summary>
internal sealed class RunningShare : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly StringWriter _text = new();
    private readonly TextWriter _output;
    private readonly Task<int> _running;

    public RunningShare(string path, string home)
    {
        _output = TextWriter.Synchronized(_text);
        var environment = new CommandEnvironment
        {
            Out = _output,
            Error = _output,
            OpenInput = static () => Stream.Null,
            OpenOutput = static () => Stream.Null,
            CurrentDirectory = home,
            StateDirectory = Path.Combine(home, "state"),
        };
        string[] arguments = ["share", path, "--json", "--stop-after", "1", "--bind", "127.0.0.1", "--port", "0", "--tracker-port", "0"];
        _running = Task.Run(() => OurTorrentCommand.RunAsync(arguments, environment, _stop.Token));
    }

    /// <summary>Waits until friends can begin.</summary>
    /// <returns>Where the torrent file is.</returns>
    public async Task<Uri> UrlAsync(CancellationToken cancellationToken)
    {
        string? line = null;
        await Patience.UntilAsync(
            () => (line = Lines().FirstOrDefault(static line => line.Contains("\"seeding\"", StringComparison.Ordinal))) is not null,
            () => $"that it seeds; it has said:\n{_text}",
            cancellationToken);
        return new Uri(JsonElement.Parse(line!).GetProperty("urls")[0].GetString()!);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What the shell is told, and the last line.</returns>
    public async Task<(int ExitCode, JsonElement Last)> EndAsync(CancellationToken cancellationToken)
    {
        int exitCode = await _running.WaitAsync(Patience.Limit, cancellationToken);
        return (exitCode, JsonElement.Parse(Lines()[^1]));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        await _output.DisposeAsync();
    }

    private string[] Lines()
    {
        // The writer is synchronized on itself.
        lock (_output)
            return _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
