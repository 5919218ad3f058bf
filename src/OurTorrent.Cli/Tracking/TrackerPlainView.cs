using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Cli.Tracking;

/// <summary>Tells of a tracker in plain lines: where it listens, and now and then how it is doing.</summary>
/// <param name="run">Where to.</param>
internal sealed class TrackerPlainView(CommandRun run) : ITrackerView
{
    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public void Start(TrackerServer server)
    {
        foreach ((string transport, IPEndPoint endPoint) in TrackerText.Listening(server))
            run.Screen.PrintLine($"Listening on {transport} {endPoint}");
        run.Environment.Out.Flush();
    }

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Update(TrackerServer server, TrackerSnapshot statistics)
    {
        run.Screen.PrintLine(TrackerText.Line(statistics));
        run.Environment.Out.Flush();
    }

    /// <inheritdoc/>
    public void End(TrackerSnapshot statistics) =>
        run.Screen.PrintLine($"Stopped after {TrackerText.Number(statistics.Counts.Requests)} requests in {Duration.Format(statistics.Uptime)}");
}
