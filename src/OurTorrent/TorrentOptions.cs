using System.Net;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent;

/// <summary>How one torrent is downloaded and seeded.</summary>
public sealed record TorrentOptions
{
    /// <summary>The folder the content is in, or is put into. The current folder if not said.</summary>
    public string Directory { get; init; } = ".";

    /// <summary>A place of the caller's own for the content, in place of files in <see cref="Directory"/>. It is disposed with the torrent.</summary>
    public IStorage? Storage { get; init; }

    /// <summary>Whether the content is only read: nothing is fetched or written, what is there and verifies is offered.</summary>
    public bool SeedOnly { get; init; }

    /// <summary>
    /// Whether the torrent stops by itself once all that is wanted is there, rather than seed it; where it is all there from
    /// the start, nobody is asked for peers. The end is told by <see cref="Torrent.Completion"/>.
    /// </summary>
    public bool StopWhenComplete { get; init; }

    /// <summary>Peers to connect to straight away, beside those the trackers name.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary>The most peer connections of this torrent.</summary>
    public int MaxPeers { get; init; } = 80;

    /// <summary>How many peers are unchoked at once; null has their number follow the rate of upload, within what suits the limit.</summary>
    public int? UploadSlots { get; init; }

    /// <summary>The most bytes of content to receive a second; 0 sets no limit beside the session's.</summary>
    public long DownloadLimit { get; init; }

    /// <summary>The most bytes of content to send a second; 0 sets no limit beside the session's.</summary>
    public long UploadLimit { get; init; }

    /// <summary>Whether pieces are fetched in the order of the content rather than the rarest first.</summary>
    public bool Sequential { get; init; }

    /// <summary>How much each file is wanted; null wants all of them alike.</summary>
    public Func<TorrentFile, FilePriority>? Priority { get; init; }

    /// <summary>How room for the content is made on the disk.</summary>
    public AllocationMode Allocation { get; init; } = AllocationMode.Sparse;

    /// <summary>Whether everything on disk is hashed at the start, whatever an earlier session has noted.</summary>
    public bool CheckAgain { get; init; }

    /// <summary>Whether every tracker is asked, rather than one as BEP 12 says.</summary>
    public bool AnnounceToAllTrackers { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names the property.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        ArgumentNullException.ThrowIfNull(Peers);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPeers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(DownloadLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(UploadLimit);
        if (UploadSlots is { } slots)
            ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1, nameof(UploadSlots));
    }
}
