namespace OurTorrent.Trackers;

/// <summary>One tracker of a torrent, as of the moment it was looked at.</summary>
public sealed record TrackerStatus
{
    /// <summary>The announce URL, as found in the torrent.</summary>
    public required string Url { get; init; }

    /// <summary>The tier it belongs to, counted from 0 (BEP 12).</summary>
    public required int Tier { get; init; }

    /// <summary>How it stands with the tracker.</summary>
    public TrackerState State { get; init; }

    /// <summary>What went wrong at the last attempt, on one line; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>What the tracker wants the user to know, on one line, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>How many peers have the whole content, or null when the tracker has not said.</summary>
    public int? Seeders { get; init; }

    /// <summary>How many peers have not, or null when the tracker has not said.</summary>
    public int? Leechers { get; init; }

    /// <summary>How many downloads have been completed, or null when the tracker has not said.</summary>
    public int? Completed { get; init; }

    /// <summary>How many peers the last good answer held.</summary>
    public int PeersReceived { get; init; }

    /// <summary>How long ago the tracker last gave a good answer, or null when it never has.</summary>
    public TimeSpan? LastAnnounce { get; init; }

    /// <summary>How long until the tracker is asked next, or null when that is not planned.</summary>
    public TimeSpan? NextAnnounce { get; init; }
}
