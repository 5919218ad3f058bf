namespace OurTorrent.Cli.Sharing;

/// <summary>A friend who has all of it now.</summary>
/// <param name="Address">Where.</param>
/// <param name="Client">With which client, as far as is known.</param>
internal sealed record CompleteCopy(string Address, string Client)
{
    /// <summary>Whether the friend's client told our tracker.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Whether we have seen it become whole: it was connected to us.</summary>
    public bool IsSeen { get; set; }

    /// <summary>How it is known, in words.</summary>
    public string Evidence => (IsAnnounced, IsSeen) switch
    {
        (true, true) => "told to the tracker, and seen",
        (true, false) => "told to the tracker",
        _ => "seen",
    };
}
