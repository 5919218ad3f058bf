using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Requests;

/// <summary>What the fronts have in common: a request that has been read goes in, what to answer comes out. All calls may be made from any thread.</summary>
internal sealed class TrackerService(ISwarmStore swarms, IAccessControl access, AnnounceInterval interval)
{
    /// <summary>The swarms themselves.</summary>
    public ISwarmStore Swarms => swarms;

    /// <summary>Told what announces change; null, and without cost, while nobody listens. Called on the front's own thread.</summary>
    public Action<PeerEvent>? PeerChanged { get; set; }

    /// <summary>Whether anything from this address is to be dropped unread.</summary>
    public bool IsIgnored(in ClientAddress source) => access.IsIgnored(source);

    /// <summary>Takes an announce.</summary>
    /// <param name="announce">What the peer says.</param>
    /// <param name="peerId">Its id.</param>
    /// <param name="source">Where the request comes from.</param>
    /// <param name="path">The path and query of the announce URL, or empty.</param>
    /// <param name="ipv4Peers">Where IPv4 peers are written; its length says how many are wanted.</param>
    /// <param name="ipv6Peers">Where IPv6 peers are written.</param>
    /// <param name="result">What came of it, where it is not refused.</param>
    /// <returns>Why it is refused, or <see cref="Refusal.None"/>.</returns>
    public Refusal Announce(
        in PeerAnnounce announce,
        in PeerId peerId,
        in ClientAddress source,
        ReadOnlySpan<byte> path,
        Span<byte> ipv4Peers,
        Span<byte> ipv6Peers,
        out AnnounceResult result)
    {
        Refusal refusal = access.Admit(announce, peerId, source, path);
        if (refusal != Refusal.None)
        {
            result = default;
            return refusal;
        }

        result = swarms.Announce(announce, ipv4Peers, ipv6Peers);
        access.Note(announce, source, result);
        if (result.Change != PeerChange.None)
            PeerChanged?.Invoke(new PeerEvent(announce.InfoHash, announce.Peer, peerId, announce.IsSeeder, result.Change));
        return result.Status == AnnounceStatus.TooManyTorrents ? Refusal.TooManyTorrents : Refusal.None;
    }

    /// <summary>Takes the question for the counts of one swarm.</summary>
    public Refusal Scrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path, out SwarmCounts counts)
    {
        Refusal refusal = access.AdmitScrape(infoHash, source, path);
        counts = refusal == Refusal.None ? swarms.Scrape(infoHash) : default;
        return refusal;
    }

    /// <summary>When the client shall announce again, in seconds: the interval of now, and up to a tenth more so that they spread.</summary>
    /// <param name="random">Any number; another each time.</param>
    public int NextInterval(uint random)
    {
        int seconds = interval.Seconds;
        return seconds + (int)(random % (uint)((seconds / 10) + 1));
    }
}
