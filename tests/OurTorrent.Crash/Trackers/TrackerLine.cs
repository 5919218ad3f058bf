namespace OurTorrent.Crash.Trackers;

/// <summary>One line of <c>tracker --json</c>.</summary>
/// <param name="Event">What it is about.</param>
/// <param name="Udp">Where UDP requests are taken.</param>
/// <param name="PersistenceError">Why what happens is not kept.</param>
/// <param name="PersistencePending">How many changes are not kept yet.</param>
/// <param name="Leechers">Peers without the whole content.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="ExitCode">What it tells the shell.</param>
internal sealed record TrackerLine(
    string Event, IReadOnlyList<string>? Udp, string? PersistenceError, long? PersistencePending, long? Leechers, string? Message, int? ExitCode)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a line.</summary>
    public static TrackerLine Parse(string line) => JsonSerializer.Deserialize<TrackerLine>(line, Options)!;
}
