namespace OurTorrent.Tracker.Access;

/// <summary>What the lists and the database say at one moment. Never changed, only replaced.</summary>
internal sealed record AccessPolicy
{
    /// <summary>Lists of the torrents served, or none if all are.</summary>
    public HashSet<InfoHash>[]? Allowed { get; init; }

    /// <summary>Lists of torrents not served.</summary>
    public HashSet<InfoHash>[] Denied { get; init; } = [];

    /// <summary>Networks of which nothing is answered, or null.</summary>
    public NetworkSet? Blocked { get; init; }

    /// <summary>Digests of the passkeys; null where none is needed.</summary>
    public HashSet<UInt128>? Passkeys { get; init; }

    /// <summary>Whether a torrent is on one of the lists.</summary>
    public static bool IsOn(HashSet<InfoHash>[] lists, in InfoHash infoHash)
    {
        foreach (HashSet<InfoHash> list in lists)
        {
            if (list.Contains(infoHash))
                return true;
        }

        return false;
    }
}
