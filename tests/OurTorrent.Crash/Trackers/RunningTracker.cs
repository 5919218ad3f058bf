using System.Net;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.Trackers;

/// <summary>The program under test as a tracker.</summary>
internal sealed class RunningTracker : IAsyncDisposable
{
    private readonly RunningCommand _command;

    private RunningTracker(RunningCommand command, IPEndPoint endPoint)
    {
        _command = command;
        EndPoint = endPoint;
    }

    /// <summary>Where it takes UDP requests.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts it, on loopback, and waits until it listens.</summary>
    /// <param name="folder">Where it may keep what it likes.</param>
    /// <param name="more">What else it is told.</param>
    public static async Task<RunningTracker> StartAsync(string folder, params IEnumerable<string> more)
    {
        RunningCommand command = RunningCommand.Start(folder, ["tracker", "--udp", "127.0.0.1:0", "--json", "--report", "1s", .. more]);
        try
        {
            TrackerLine line = TrackerLine.Parse(await command.ReadLineAsync("listening"));
            return new RunningTracker(command, IPEndPoint.Parse(line.Udp![0]));
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for statistics of a certain kind.</summary>
    public async Task<TrackerLine> UntilAsync(Func<TrackerLine, bool> condition)
    {
        while (true)
        {
            TrackerLine line = TrackerLine.Parse(await _command.ReadLineAsync("statistics"));
            if (condition(line))
                return line;
        }
    }

    /// <summary>Kills it (SIGKILL), and waits until it is gone.</summary>
    public Task KillAsync() => _command.KillAsync();

    /// <summary>Asks it to stop (SIGTERM), and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _command.Terminate();
        (int exitCode, _) = await _command.EndAsync();
        return exitCode;
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();
}
