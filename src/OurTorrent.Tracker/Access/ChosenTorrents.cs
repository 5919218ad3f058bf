using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Access;

/// <summary>A few torrents are served and no others, within what somebody else says of who may use the tracker.</summary>
internal sealed class ChosenTorrents(IReadOnlySet<InfoHash> torrents, IAccessControl others) : IAccessControl, IDisposable
{
    /// <inheritdoc/>
    public bool IsIgnored(in ClientAddress source) => others.IsIgnored(source);

    /// <inheritdoc/>
    public Refusal Admit(in PeerAnnounce announce, in PeerId peerId, in ClientAddress source, ReadOnlySpan<byte> path) =>
        torrents.Contains(announce.InfoHash) ? others.Admit(announce, peerId, source, path) : Refusal.TorrentNotAllowed;

    /// <inheritdoc/>
    public Refusal AdmitScrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path) =>
        torrents.Contains(infoHash) ? others.AdmitScrape(infoHash, source, path) : Refusal.TorrentNotAllowed;

    /// <inheritdoc/>
    public void Note(in PeerAnnounce announce, in ClientAddress source, in AnnounceResult result) => others.Note(announce, source, result);

    /// <inheritdoc/>
    public AccessSnapshot Snapshot() => others.Snapshot();

    /// <inheritdoc/>
    public void Dispose() => (others as IDisposable)?.Dispose();
}
