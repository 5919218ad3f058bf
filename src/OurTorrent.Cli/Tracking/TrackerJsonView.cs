using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Tracking;

/// <summary>Tells of a tracker in JSON, one object a line.</summary>
/// <param name="run">Where to.</param>
internal sealed class TrackerJsonView(CommandRun run) : ITrackerView
{
    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public void Start(TrackerServer server) => Print(new TrackerEvent("listening")
    {
        Udp = Texts(server.UdpEndPoints),
        Http = Texts(server.HttpEndPoints),
        Https = server.HttpsEndPoints.Count == 0 ? null : Texts(server.HttpsEndPoints),
        Admin = server.AdminEndPoints.Count == 0 ? null : Texts(server.AdminEndPoints),
    });

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => work();

    /// <inheritdoc/>
    public void Update(TrackerServer server, TrackerSnapshot statistics) => Print(Describe("statistics", statistics));

    /// <inheritdoc/>
    public void End(TrackerSnapshot statistics) => Print(Describe("stopped", statistics));

    /// <summary>Tells why there will be no tracker.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="problem">Why.</param>
    public static void PrintError(CommandRun run, CommandException problem) => run.PrintJson(
        new TrackerEvent("error") { Message = problem.Message, ExitCode = (int)problem.ExitCode }, TrackingJson.Readable.TrackerEvent);

    private static TrackerEvent Describe(string name, TrackerSnapshot statistics)
    {
        RequestCounts counts = statistics.Counts;
        SwarmTotals swarms = statistics.Swarms;
        PersistenceStatus persistence = statistics.Persistence;
        return new TrackerEvent(name)
        {
            Uptime = Math.Round(statistics.Uptime.TotalSeconds, 1),
            RequestRate = Math.Round(statistics.Rates.Requests, 1),
            Connects = counts.Connects,
            Announces = counts.Announces,
            Scrapes = counts.Scrapes,
            Refused = counts.Refused,
            Dropped = counts.Dropped,
            Malformed = counts.Malformed,
            Torrents = swarms.Torrents,
            Seeders = swarms.Seeders,
            Leechers = swarms.Leechers,
            Completed = swarms.Completed,
            AnnounceInterval = statistics.AnnounceInterval.TotalSeconds,
            MemoryBytes = statistics.MemoryBytes,
            ProcessorTime = Math.Round(statistics.ProcessorTime.TotalSeconds, 2),
            PersistencePending = persistence.IsAvailable || persistence.Error is not null ? persistence.Pending : null,
            PersistenceLag = persistence.IsAvailable || persistence.Error is not null ? Math.Round(persistence.Lag.TotalSeconds, 1) : null,
            PersistenceError = persistence.Error,
            Slowed = statistics.Access.Slowed,
            Ignored = statistics.Access.Ignored,
            Worst = statistics.Access.Worst.Count == 0
                ? null
                : [.. statistics.Access.Worst.Select(static one => new ListedOffender(one.Network, one.Stage == OffenderStage.Ignored, one.Refused, one.Dropped))],
        };
    }

    private static string[] Texts(IEnumerable<IPEndPoint> endPoints) => [.. endPoints.Select(static endPoint => endPoint.ToString())];

    private void Print(TrackerEvent line) => run.PrintJson(line, TrackingJson.Readable.TrackerEvent);
}
