using OurTorrent.Protocol;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Fuzz.Tracking;

/// <summary>Lets everybody in but those who ask for one torrent, and remembers the path they came by.</summary>
internal sealed class PathAccess(InfoHash denied) : IAccessControl
{
    public byte[] Path { get; private set; } = [];

    public bool IsIgnored(in ClientAddress source) => false;

    public Refusal Admit(in PeerAnnounce announce, in PeerId peerId, in ClientAddress source, ReadOnlySpan<byte> path)
    {
        Path = path.ToArray();
        return announce.Peer.Port == 0 ? Refusal.PortInvalid : announce.InfoHash == denied ? Refusal.TorrentDenied : Refusal.None;
    }

    public Refusal AdmitScrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path) =>
        infoHash == denied ? Refusal.TorrentDenied : Refusal.None;

    public void Note(in PeerAnnounce announce, in ClientAddress source, in AnnounceResult result)
    {
    }
}
