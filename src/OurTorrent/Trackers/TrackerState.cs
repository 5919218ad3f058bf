namespace OurTorrent.Trackers;

/// <summary>How it stands with a tracker.</summary>
public enum TrackerState
{
    /// <summary>It has not been asked yet.</summary>
    NotAttempted,

    /// <summary>It has been asked and has not answered yet.</summary>
    Announcing,

    /// <summary>Its last answer was good.</summary>
    Working,

    /// <summary>It could not be asked, did not answer, or refused.</summary>
    Failed,
}
