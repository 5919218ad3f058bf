using System.Globalization;
using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Tracking;

/// <summary>What a tracker does, in words.</summary>
internal static class TrackerText
{
    private const int MostWorst = 3;

    /// <summary>Where a tracker listens, and how.</summary>
    /// <param name="server">The tracker.</param>
    public static IEnumerable<(string Transport, IPEndPoint EndPoint)> Listening(TrackerServer server) =>
    [
        .. server.UdpEndPoints.Select(static endPoint => ("udp", endPoint)),
        .. server.HttpEndPoints.Select(static endPoint => ("http", endPoint)),
        .. server.HttpsEndPoints.Select(static endPoint => ("https", endPoint)),
        .. server.AdminEndPoints.Select(static endPoint => ("admin", endPoint)),
    ];

    /// <summary>How a tracker is doing, in one line.</summary>
    /// <param name="statistics">How it is doing.</param>
    public static string Line(TrackerSnapshot statistics)
    {
        RequestRates rates = statistics.Rates;
        SwarmTotals swarms = statistics.Swarms;
        return $"{Number(rates.Requests)} requests/s ({Number(rates.Announces)} announces, {Number(rates.Scrapes)} scrapes, {Number(rates.Connects)} connects, "
            + $"{Number(rates.Refused)} refused, {Number(rates.Dropped)} dropped), {Number(swarms.Torrents)} torrents, {Number(swarms.Seeders)} seeders, "
            + $"{Number(swarms.Leechers)} leechers, {ByteSize.Format(statistics.MemoryBytes)} memory, {Journal(statistics.Persistence)}"
            + (Access(statistics.Access) is { Length: > 0 } access ? ", " + access : "");
    }

    /// <summary>What outlives the process.</summary>
    /// <param name="persistence">How it is kept.</param>
    public static string Journal(PersistenceStatus persistence) => persistence switch
    {
        { Error: { } error } => $"not kept: {error.TrimEnd('.')} ({Number(persistence.Pending)} changes waiting)",
        { IsAvailable: false } => "nothing is kept",
        _ => $"store {Duration.Format(persistence.Lag)} behind ({Number(persistence.Pending)} changes)",
    };

    /// <summary>Who is kept from the tracker, and what it is restricted to; empty where everybody may do everything.</summary>
    /// <param name="access">Who may use it.</param>
    public static string Access(AccessSnapshot access)
    {
        string text = string.Join(", ", Parts(access));
        return access.Worst.Count == 0 ? text : $"{text}: {string.Join(", ", access.Worst.Take(MostWorst).Select(Describe))}";

        static string Describe(OffenderSummary one) =>
            $"{one.Network} ({Number(one.Refused)} refused, {Number(one.Dropped)} dropped)";
    }

    /// <summary>A whole number with its thousands apart.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Parts(AccessSnapshot access)
    {
        if (access.Passkeys is { } passkeys)
            yield return $"{Number(passkeys)} passkeys";
        if (access.AllowedTorrents is { } allowed)
            yield return $"{Number(allowed)} torrents allowed";
        if (access.DeniedTorrents > 0)
            yield return $"{Number(access.DeniedTorrents)} denied";
        if (access.BlockedNetworks > 0)
            yield return $"{Number(access.BlockedNetworks)} networks blocked";
        if (access.Slowed > 0)
            yield return $"{Number(access.Slowed)} slowed";
        if (access.Ignored > 0)
            yield return $"{Number(access.Ignored)} ignored";
    }
}
