using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>The store that outlives the process, as JSON.</summary>
internal sealed record StoreDocument(bool Available, long Pending, double LagSeconds, string? Error)
{
    /// <summary>The document, or null where nothing outlives the process.</summary>
    public static StoreDocument? Of(PersistenceStatus status) =>
        status == PersistenceStatus.None ? null : new(status.IsAvailable, status.Pending, Math.Round(status.Lag.TotalSeconds, 1), status.Error);
}
