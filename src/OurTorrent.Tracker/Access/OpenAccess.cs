using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Access;

/// <summary>Everybody may use the tracker for everything.</summary>
internal sealed class OpenAccess : IAccessControl
{
    /// <inheritdoc/>
    public bool IsIgnored(in ClientAddress source) => false;

    /// <inheritdoc/>
    public Refusal Admit(in PeerAnnounce announce, in PeerId peerId, in ClientAddress source, ReadOnlySpan<byte> path) =>
        announce.Peer.Port == 0 ? Refusal.PortInvalid : Refusal.None;

    /// <inheritdoc/>
    public Refusal AdmitScrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path) => Refusal.None;

    /// <inheritdoc/>
    public void Note(in PeerAnnounce announce, in ClientAddress source, in AnnounceResult result)
    {
    }
}
