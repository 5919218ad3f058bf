using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Access;

/// <summary>Who may use the tracker, for what, and how much. All calls may be made from any thread, and none waits or allocates.</summary>
internal interface IAccessControl
{
    /// <summary>Whether anything from this address is to be dropped without an answer, whatever it asks.</summary>
    bool IsIgnored(in ClientAddress source);

    /// <summary>Whether an announce may be taken note of.</summary>
    /// <param name="announce">What the peer says.</param>
    /// <param name="peerId">Its id, which tells the kind of client (BEP 20).</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="path">The path and query of the announce URL: those of the HTTP request, or what came as BEP 41 options; may be empty.</param>
    Refusal Admit(in PeerAnnounce announce, in PeerId peerId, in ClientAddress source, ReadOnlySpan<byte> path);

    /// <summary>Whether the counts of a swarm may be told.</summary>
    Refusal AdmitScrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path);

    /// <summary>Takes note of what came of an announce that was admitted.</summary>
    void Note(in PeerAnnounce announce, in ClientAddress source, in AnnounceResult result);

    /// <summary>Who may use the tracker, and who is kept from it, for the operator.</summary>
    AccessSnapshot Snapshot() => AccessSnapshot.Open;
}
