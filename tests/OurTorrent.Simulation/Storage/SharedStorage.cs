using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Simulation.Storage;

/// <summary>
/// What one peer has of a content, without a copy of it: which blocks are as they should be is all that is kept, and bytes
/// only of those that are not. It cannot be told from a storage that keeps everything.
/// </summary>
internal sealed class SharedStorage : IStorage
{
    private const int BlockLength = BlockRequest.BlockSize;

    private readonly SimulatedContent _content;
    private readonly bool[] _exists;
    private readonly bool[] _isRight;
    private readonly byte[]?[] _own;

    /// <summary>Makes the storage of a peer.</summary>
    /// <param name="content">The content.</param>
    /// <param name="isWhole">Whether everything is there from the start.</param>
    public SharedStorage(SimulatedContent content, bool isWhole = false)
    {
        _content = content;
        _exists = new bool[content.Metainfo.Files.Count];
        _isRight = new bool[(content.Length + BlockLength - 1) / BlockLength];
        _own = new byte[_isRight.Length][];
        _exists.AsSpan().Fill(isWhole);
        _isRight.AsSpan().Fill(isWhole);
        RightBlocks = isWhole ? _isRight.Length : 0;
    }

    /// <summary>How many blocks are as they should be.</summary>
    public int RightBlocks { get; private set; }

    /// <summary>Whether everything is as it should be.</summary>
    public bool IsWhole => RightBlocks == _isRight.Length;

    /// <summary>Whether a stretch of the content is as it should be, as far as whole blocks go.</summary>
    public bool IsRight(long offset, long length)
    {
        for (int block = (int)(offset / BlockLength); block * (long)BlockLength < offset + length; block++)
        {
            if (!_isRight[block])
                return false;
        }

        return true;
    }

    public FileStamp? GetStamp(int file) =>
        _exists[file] ? new FileStamp(_content.Metainfo.Files[file].Length, DateTimeOffset.UnixEpoch) : null;

    public void Prepare(int file) => _exists[file] = true;

    public int Read(int file, long offset, Span<byte> destination)
    {
        TorrentFile entry = _content.Metainfo.Files[file];
        if (!_exists[file] || offset >= entry.Length)
            return 0;
        int count = (int)Math.Min(destination.Length, entry.Length - offset);
        for (int done = 0; done < count;)
        {
            (int block, int start, int length) = Locate(entry.Offset + offset + done, count - done);
            Span<byte> part = destination.Slice(done, length);
            if (_own[block] is { } own)
                own.AsSpan(start, length).CopyTo(part);
            else if (_isRight[block])
                Original(block).Slice(start, length).CopyTo(part);
            else
                part.Clear();
            done += length;
        }

        return count;
    }

    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        long position = _content.Metainfo.Files[file].Offset + offset;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            for (int done = 0; done < buffer.Length;)
            {
                (int block, int start, int length) = Locate(position, buffer.Length - done);
                Write(block, start, buffer.Span.Slice(done, length));
                done += length;
                position += length;
            }
        }
    }

    public void Flush()
    {
        // Memory needs none.
    }

    public void Dispose()
    {
        // The test looks at it afterwards.
    }

    private static (int Block, int Start, int Length) Locate(long position, int length)
    {
        int start = (int)(position % BlockLength);
        return ((int)(position / BlockLength), start, Math.Min(length, BlockLength - start));
    }

    private ReadOnlySpan<byte> Original(int block) =>
        _content.Bytes.Slice(block * BlockLength, (int)Math.Min(BlockLength, _content.Length - (block * (long)BlockLength)));

    private void Write(int block, int start, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> original = Original(block);
        bool agrees = bytes.SequenceEqual(original.Slice(start, bytes.Length));
        if (agrees && (_isRight[block] || bytes.Length == original.Length))
        {
            SetRight(block, true);
            return;
        }

        byte[] own = _own[block] ??= _isRight[block] ? original.ToArray() : new byte[original.Length];
        bytes.CopyTo(own.AsSpan(start));
        SetRight(block, own.AsSpan().SequenceEqual(original));
    }

    private void SetRight(int block, bool isRight)
    {
        if (_isRight[block] != isRight)
            RightBlocks += isRight ? 1 : -1;
        _isRight[block] = isRight;
        if (isRight)
            _own[block] = null;
    }
}
