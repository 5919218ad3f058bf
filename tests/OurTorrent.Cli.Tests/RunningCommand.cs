using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tests;

/// <summary>A command at work.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly MemoryStream _bytes;
    private readonly Task<int> _running;

    public RunningCommand(CommandEnvironment environment, LineWriter output, LineWriter error, MemoryStream bytes, string[] arguments)
    {
        Out = output;
        Error = error;

        // A command that hangs is interrupted, and its test fails by the exit code.
        _stop.CancelAfter(TimeSpan.FromSeconds(90));
        _bytes = bytes;
        _running = Task.Run(async () =>
        {
            try
            {
                return await OurTorrentCommand.RunAsync(arguments, environment, _stop.Token);
            }
            finally
            {
                output.Complete();
                error.Complete();
            }
        });
    }

    public LineWriter Out { get; }

    public LineWriter Error { get; }

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => _stop.Cancel();

    public async Task<CommandResult> EndAsync()
    {
        int exitCode = await _running;
        return new CommandResult(exitCode, Out.Text.ReplaceLineEndings("\n"), Error.Text.ReplaceLineEndings("\n"), _bytes.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
