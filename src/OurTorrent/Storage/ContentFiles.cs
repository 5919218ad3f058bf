using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>The pieces of a torrent as stretches of its files. Used by several disk threads at once, on different pieces.</summary>
internal sealed class ContentFiles
{
    private readonly bool[] _prepared;

    /// <summary>Lays the pieces of a torrent over a storage.</summary>
    public ContentFiles(TorrentMetainfo metainfo, IStorage storage)
    {
        Storage = storage;
        Map = new StorageMap(metainfo);
        _prepared = new bool[metainfo.Files.Count];
    }

    /// <summary>Where the files are.</summary>
    public IStorage Storage { get; }

    /// <summary>Which bytes are in which file.</summary>
    public StorageMap Map { get; }

    /// <summary>Reads a part of a piece.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="offset">Where to begin in the piece, in bytes.</param>
    /// <param name="destination">Where to put the bytes; filled whole when the answer is true.</param>
    /// <returns>Whether all of it is there; false when a file is missing or too short.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool TryRead(int piece, int offset, Span<byte> destination)
    {
        foreach (StorageSpan span in Map.SpansOf(piece, offset, destination.Length))
        {
            Span<byte> part = destination.Slice(span.Offset, span.Length);
            if (span.IsGap)
                part.Clear();
            else if (Read(span.File, span.FileOffset, part) < span.Length)
                return false;
        }

        return true;
    }

    /// <summary>Reads a part of a file; twice if need be.</summary>
    /// <returns>How many bytes were read: fewer than asked for only when the file is shorter or does not exist.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(int file, long offset, Span<byte> destination)
    {
        try
        {
            return Storage.Read(file, offset, destination);
        }
        catch (Exception e) when (IsWorthAnotherTry(e))
        {
            return Storage.Read(file, offset, destination);
        }
    }

    /// <summary>Writes blocks that follow one another; files are prepared before the first byte goes into them.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="offset">Where the first block begins in the piece, in bytes.</param>
    /// <param name="blocks">The blocks, in order.</param>
    /// <param name="gather">A list to work with; left empty.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(int piece, int offset, ReadOnlySpan<BlockBuffer> blocks, List<ReadOnlyMemory<byte>> gather)
    {
        int length = 0;
        foreach (BlockBuffer block in blocks)
            length += block.Length;

        int next = 0;
        int used = 0;
        foreach (StorageSpan span in Map.SpansOf(piece, offset, length))
        {
            // Bytes of a gap are passed over the same way, and not handed on.
            for (int left = span.Length; left > 0;)
            {
                ReadOnlyMemory<byte> rest = blocks[next].Filled[used..];
                ReadOnlyMemory<byte> part = rest.Length > left ? rest[..left] : rest;
                gather.Add(part);
                left -= part.Length;
                used += part.Length;
                if (part.Length == rest.Length)
                {
                    next++;
                    used = 0;
                }
            }

            if (!span.IsGap)
            {
                Prepare(span.File);
                Write(span.File, span.FileOffset, gather);
            }

            gather.Clear();
        }
    }

    /// <summary>Makes a file exist; does nothing when this was done before.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Prepare(int file)
    {
        // Two threads may both get here: preparing a file twice leaves it the same.
        if (Volatile.Read(ref _prepared[file]))
            return;
        Storage.Prepare(file);
        Volatile.Write(ref _prepared[file], true);
    }

    /// <summary>
    /// Whether the disk only stumbled, as shares over a network and loose cables do: the same bytes may go through the next moment,
    /// and fetching a piece again costs more than to see. A disk that is full or refuses access stays so.
    /// </summary>
    private static bool IsWorthAnotherTry(Exception exception) =>
        StorageErrors.KindOf(exception) is null or StorageFailure.ReadFailed or StorageFailure.WriteFailed;

    private void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        try
        {
            Storage.Write(file, offset, buffers);
        }
        catch (Exception e) when (IsWorthAnotherTry(e))
        {
            Storage.Write(file, offset, buffers);
        }
    }
}
