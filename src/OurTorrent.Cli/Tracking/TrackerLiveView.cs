using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OurTorrent.Cli.Tracking;

/// <summary>Draws how a tracker is doing on a terminal, again and again in the same place.</summary>
/// <param name="run">The terminal.</param>
internal sealed class TrackerLiveView(CommandRun run) : ITrackerView
{
    private const int MostSwarms = 10;
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private Action<IRenderable> _draw = static _ => { };
    private TimeSpan _processorTime;
    private TimeSpan _uptime;

    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Start(TrackerServer server)
    {
        foreach ((string transport, System.Net.IPEndPoint endPoint) in TrackerText.Listening(server))
            run.Screen.PrintLine($"Listening on {transport} {endPoint}");
        run.Screen.PrintLine("Ctrl-C stops it.");
    }

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => run.Screen.DrawAsync(draw =>
    {
        _draw = draw;
        return work();
    });

    /// <inheritdoc/>
    public void Update(TrackerServer server, TrackerSnapshot statistics)
    {
        (int width, int height) = run.Environment.TerminalSize();
        double busy = (statistics.ProcessorTime - _processorTime) / (statistics.Uptime - _uptime);
        (_processorTime, _uptime) = (statistics.ProcessorTime, statistics.Uptime);

        // Room is left for the ^C a terminal echoes: in the last column it would begin a new line, and the drawing would slip.
        int room = Math.Max(1, width - 4);
        var lines = new List<(string Text, bool IsHeading)>();
        AddRequests(lines, statistics);
        AddState(lines, statistics, busy);
        AddBusiest(lines, server.Swarms, Math.Min(MostSwarms, height - 2 - lines.Count - 1));
        _draw(new Rows(lines.Take(height - 2).Select(line => new Text(TextWidth.Fit(Printable.Of(line.Text), room), line.IsHeading ? Bold : Style.Plain))));
    }

    /// <inheritdoc/>
    public void End(TrackerSnapshot statistics) =>
        run.Screen.PrintLine($"Stopped after {TrackerText.Number(statistics.Counts.Requests)} requests in {Duration.Format(statistics.Uptime)}");

    private static void AddRequests(List<(string Text, bool IsHeading)> lines, TrackerSnapshot statistics)
    {
        RequestRates rates = statistics.Rates;
        RequestCounts counts = statistics.Counts;
        lines.Add(($"{"Requests",-10}{"a second",14}{"since the start",20}", true));
        Add("announces", rates.Announces, counts.Announces);
        Add("scrapes", rates.Scrapes, counts.Scrapes);
        Add("connects", rates.Connects, counts.Connects);
        Add("refused", rates.Refused, counts.Refused);
        Add("dropped", rates.Dropped, counts.Dropped);
        Add("malformed", rates.Malformed, counts.Malformed);

        void Add(string name, double rate, long count) => lines.Add(($"{name,-10}{TrackerText.Number(rate),14}{TrackerText.Number(count),20}", false));
    }

    private static void AddState(List<(string Text, bool IsHeading)> lines, TrackerSnapshot statistics, double busy)
    {
        SwarmTotals swarms = statistics.Swarms;
        lines.Add((
            $"Swarms    {TrackerText.Number(swarms.Torrents)} torrents, {TrackerText.Number(swarms.Seeders)} seeders, "
            + $"{TrackerText.Number(swarms.Leechers)} leechers, {TrackerText.Number(swarms.Completed)} completed",
            false));
        lines.Add((
            $"Process   {ByteSize.Format(statistics.MemoryBytes)} memory ({ByteSize.Format(swarms.MemoryBytes)} swarms), {(busy * 100).ToString("0.0", CultureInfo.InvariantCulture)}% "
            + $"of a processor, up {Duration.Format(statistics.Uptime)}",
            false));
        lines.Add(($"Interval  {Duration.Format(statistics.AnnounceInterval)}", false));
        if (TrackerText.Access(statistics.Access) is { Length: > 0 } access)
            lines.Add(($"Access    {access}", false));
        lines.Add(($"Kept      {TrackerText.Journal(statistics.Persistence)}", false));
    }

    private static void AddBusiest(List<(string Text, bool IsHeading)> lines, ISwarmStore swarms, int room)
    {
        IReadOnlyList<SwarmSummary> busiest = room > 0 ? swarms.Busiest(room) : [];
        if (busiest.Count == 0)
            return;

        lines.Add(($"{"Busiest swarms",-40}{"Seeders",10}{"Leechers",10}{"Completed",11}", true));
        foreach (SwarmSummary swarm in busiest)
        {
            lines.Add((
                $"{swarm.InfoHash}{TrackerText.Number(swarm.Counts.Seeders),10}{TrackerText.Number(swarm.Counts.Leechers),10}"
                + $"{TrackerText.Number(swarm.Counts.Completed),11}",
                false));
        }
    }
}
