namespace OurTorrent.Tracker.Access;

/// <summary>How a source is treated that has exceeded a limit.</summary>
public enum OffenderStage
{
    /// <summary>It is answered, but for what is above its limit; refusals are counted.</summary>
    Watched,

    /// <summary>It has brought too many new peers: everything is refused, with the time to ask again.</summary>
    Slowed,

    /// <summary>It would not slow down: nothing is answered.</summary>
    Ignored,
}
