using System.Net;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>
/// What is known of a torrent from one run to the next. Pieces of which only some blocks are there are not in it: they are
/// fetched again. Take it in this order, so that a loss of power at any moment leaves nothing in it that is not on disk: copy
/// <see cref="Verified"/>, flush the storage, read the stamps, save.
/// </summary>
internal sealed record ResumeState
{
    /// <summary>How many peers are kept at most.</summary>
    public const int MaxPeers = 200;

    /// <summary>The torrent.</summary>
    public required InfoHashes InfoHashes { get; init; }

    /// <summary>The absolute path of the directory its content is in.</summary>
    public required string Directory { get; init; }

    /// <summary>The pieces that were written and whose hash was right.</summary>
    public required Bitfield Verified { get; init; }

    /// <summary>How each file looked, by its index; null for one that did not exist, and for padding.</summary>
    public required IReadOnlyList<FileStamp?> Stamps { get; init; }

    /// <summary>When this was saved, by the clock on the wall.</summary>
    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>
    /// Whether nothing was written any more after this: the torrent was stopped, its files closed, and this is the last that was
    /// saved. What <see cref="ResumeValidation"/> believes depends on it, so a run that is going to write saves once that it is not.
    /// Take the stamps after the files were closed: some systems set the time only then.
    /// </summary>
    public bool IsClean { get; init; }

    /// <summary>What ties the journal and the <see cref="WriteLedger"/> to it; empty when there is none.</summary>
    public Guid Run { get; init; }

    /// <summary>Bytes of content sent in all runs.</summary>
    public long Uploaded { get; init; }

    /// <summary>Bytes of content received in all runs.</summary>
    public long Downloaded { get; init; }

    /// <summary>How long the torrent was at work in all runs.</summary>
    public TimeSpan ActiveTime { get; init; }

    /// <summary>How long it was seeding in all runs.</summary>
    public TimeSpan SeedingTime { get; init; }

    /// <summary>Peers to try first; those beyond <see cref="MaxPeers"/> are not saved.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];
}
