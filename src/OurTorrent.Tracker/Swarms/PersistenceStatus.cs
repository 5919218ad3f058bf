namespace OurTorrent.Tracker.Swarms;

/// <summary>How the store that outlives the process is doing.</summary>
/// <param name="IsAvailable">Whether what happens is kept; if not, the tracker answers from memory and keeps what it can for later.</param>
/// <param name="Pending">Changes that are not kept yet.</param>
/// <param name="Lag">How old the oldest of them is.</param>
/// <param name="Error">What is wrong, in one sentence, or null.</param>
public sealed record PersistenceStatus(bool IsAvailable, long Pending, TimeSpan Lag, string? Error)
{
    /// <summary>Nothing outlives the process.</summary>
    public static PersistenceStatus None { get; } = new(IsAvailable: false, Pending: 0, Lag: TimeSpan.Zero, Error: null);
}
