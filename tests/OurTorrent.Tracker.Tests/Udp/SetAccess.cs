using System.Text;
using OurTorrent.Protocol;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Udp;

/// <summary>An access control that says what a test has set.</summary>
internal sealed class SetAccess : IAccessControl
{
    public Refusal OfAnnounces { get; set; }

    public Refusal OfScrapes { get; set; }

    public ClientAddress? Ignored { get; set; }

    /// <summary>Whether paths are noted, which allocates.</summary>
    public bool NotesPaths { get; init; } = true;

    public string? Path { get; private set; }

    public bool IsIgnored(in ClientAddress source) => source == Ignored;

    public Refusal Admit(in PeerAnnounce announce, in PeerId peerId, in ClientAddress source, ReadOnlySpan<byte> path)
    {
        if (NotesPaths)
            Path = Encoding.UTF8.GetString(path);
        return announce.Peer.Port == 0 ? Refusal.PortInvalid : OfAnnounces;
    }

    public Refusal AdmitScrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path) => OfScrapes;

    public void Note(in PeerAnnounce announce, in ClientAddress source, in AnnounceResult result)
    {
    }
}
