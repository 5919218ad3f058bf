namespace OurTorrent.Peers;

/// <summary>What the <see cref="Choker"/> knows of one connected peer. The connection keeps the first half current, the choker the second.</summary>
/// <param name="connectedAt">When the handshake was done.</param>
/// <param name="tag">What the owner of the choker wants to find again from here: the connection.</param>
internal sealed class ChokerPeer(TimeSpan connectedAt, object? tag = null)
{
    /// <summary>What the owner of the choker wants to find again from here: the connection.</summary>
    public object? Tag { get; } = tag;

    /// <summary>When the handshake was done.</summary>
    public TimeSpan ConnectedAt { get; } = connectedAt;

    /// <summary>Whether the peer wants something of us.</summary>
    public bool IsInterested { get; set; }

    /// <summary>Since when we have wanted something of the peer, or null when we do not.</summary>
    public TimeSpan? WantedSince { get; set; }

    /// <summary>When the peer last sent a block, or null when it never did.</summary>
    public TimeSpan? LastBlockAt { get; set; }

    /// <summary>How fast blocks come from the peer, in bytes per second.</summary>
    public long DownloadRate { get; set; }

    /// <summary>How fast blocks go to the peer, in bytes per second.</summary>
    public long UploadRate { get; set; }

    /// <summary>Whether the peer has an unchoke slot.</summary>
    public bool IsUnchoked { get; internal set; }

    /// <summary>Whether it is the slot that is given without regard to what the peer gives.</summary>
    public bool IsOptimistic { get; internal set; }

    /// <summary>When the peer was last unchoked, or null when it never was.</summary>
    public TimeSpan? UnchokedAt { get; internal set; }

    /// <summary>When the peer was last choked after having been unchoked, or null when it never was.</summary>
    public TimeSpan? ChokedAt { get; internal set; }

    /// <summary>Whether the ranking under way gives the peer a slot.</summary>
    internal bool IsChosen { get; set; }

    /// <summary>Decides between equals.</summary>
    internal int Lot { get; set; }
}
