using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// A piece whose blocks are arriving. Belongs to the loop, but for the hasher and what stands with it: those are touched
/// only by the piece's jobs, which run one after the other. Used again for other pieces.
/// </summary>
internal sealed class PieceInProgress : IDisposable
{
    private BlockBuffer?[] _waiting = [];
    private bool[] _received = [];

    /// <summary>The index of the piece.</summary>
    public int Piece { get; private set; }

    /// <summary>The length of the piece in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>How many blocks of it arrive: all, but for those at its end that are nothing but padding (BEP 47).</summary>
    public int BlockCount { get; private set; }

    /// <summary>How many bytes of padding follow the last of these blocks, all of them zero.</summary>
    public int PaddingLength => Math.Max(0, Length - (BlockCount * BlockRequest.BlockSize));

    /// <summary>How many of its blocks have arrived.</summary>
    public int ReceivedCount { get; private set; }

    /// <summary>How many blocks wait in memory, not yet handed to the disk.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>The first block that no job has been told to hash in order.</summary>
    public int NextToHash { get; private set; }

    /// <summary>The first block that has not arrived.</summary>
    public int FirstMissing { get; private set; }

    /// <summary>How many blocks wait that follow, without a hole, those already hashed: writing them costs no second read.</summary>
    public int ReadyCount => Math.Min(FirstMissing - NextToHash, WaitingCount);

    /// <summary>Whether every block has arrived.</summary>
    public bool IsComplete => ReceivedCount == BlockCount;

    /// <summary>How many jobs are out.</summary>
    public int Jobs { get; set; }

    /// <summary>Whether the store has forgotten the piece, and only its jobs that are still out hold on to it.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Hashes the blocks; for the jobs alone.</summary>
    public PieceHasher Hasher { get; } = new();

    /// <summary>Whether a job of the piece has failed, so that those behind it need do nothing; for the jobs alone.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Begins a piece. No job of the piece before is out any more.</summary>
    public void Begin(TorrentMetainfo metainfo, StorageMap map, int piece)
    {
        Piece = piece;
        Length = metainfo.PieceLengthOf(piece);
        BlockCount = (map.ContentEndOf(piece, Length) + BlockRequest.BlockSize - 1) / BlockRequest.BlockSize;
        ReceivedCount = 0;
        WaitingCount = 0;
        NextToHash = 0;
        FirstMissing = 0;
        IsDropped = false;
        HasFailed = false;
        if (_waiting.Length < BlockCount)
        {
            _waiting = new BlockBuffer?[BlockCount];
            _received = new bool[BlockCount];
        }
        else
        {
            Array.Clear(_received, 0, BlockCount);
        }

        Hasher.Begin(metainfo, piece);
    }

    /// <summary>The length of a block in bytes.</summary>
    public int LengthOf(int block) => Math.Min(BlockRequest.BlockSize, Length - (block * BlockRequest.BlockSize));

    /// <summary>Keeps a block that has arrived.</summary>
    /// <returns>False when it had arrived before.</returns>
    public bool TryAdd(int block, BlockBuffer buffer)
    {
        if (_received[block])
            return false;

        _received[block] = true;
        _waiting[block] = buffer;
        ReceivedCount++;
        WaitingCount++;
        while (FirstMissing < BlockCount && _received[FirstMissing])
            FirstMissing++;
        return true;
    }

    /// <summary>Hands waiting blocks over to a job, in order, and tells it what to hash.</summary>
    /// <param name="job">The job.</param>
    /// <param name="all">Whether to hand over all of them, or only those before the first hole.</param>
    public void HandOver(WriteJob job, bool all)
    {
        int end = all ? BlockCount : FirstMissing;
        for (int block = NextToHash; block < end && WaitingCount > 0; block++)
        {
            if (_waiting[block] is not { } buffer)
                continue;
            job.Add(block, buffer);
            _waiting[block] = null;
            WaitingCount--;
        }

        job.HashFrom = NextToHash;
        job.HashTo = FirstMissing;
        job.IsLast = IsComplete;
        NextToHash = FirstMissing;
        Jobs++;
    }

    /// <summary>Lets go of the blocks that wait.</summary>
    public void ReleaseWaiting()
    {
        for (int block = NextToHash; block < BlockCount && WaitingCount > 0; block++)
        {
            if (_waiting[block] is not { } buffer)
                continue;
            _waiting[block] = null;
            WaitingCount--;
            buffer.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Hasher.Dispose();
}
