using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>Whether the tracker does all it should: <c>/health</c>.</summary>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Reasons">What is wrong, a sentence each.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<string> Reasons)
{
    /// <summary>Judges.</summary>
    /// <param name="snapshot">How the tracker is doing.</param>
    /// <param name="maxLag">How far behind the store may be that outlives the process.</param>
    public static HealthReport Of(TrackerSnapshot snapshot, TimeSpan maxLag)
    {
        List<string> reasons = [];
        PersistenceStatus persistence = snapshot.Persistence;
        if (persistence is { IsAvailable: false, Error: { } error })
            reasons.Add($"The store is not available: {error}");
        if (persistence.Lag > maxLag)
        {
            reasons.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The store is {persistence.Lag.TotalSeconds:F0} s behind ({persistence.Pending} changes); {maxLag.TotalSeconds:F0} s are allowed."));
        }

        return new HealthReport(reasons.Count == 0 ? "ok" : "failing", reasons);
    }

    public PageContent ToContent() => new(
        "application/json",
        JsonSerializer.SerializeToUtf8Bytes(this, PagesJson.Default.HealthReport),
        Reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
