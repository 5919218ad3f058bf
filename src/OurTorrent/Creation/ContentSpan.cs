namespace OurTorrent.Creation;

/// <summary>A file in the byte space of a torrent, or padding between two.</summary>
/// <param name="File">The file; null for padding.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct ContentSpan(SourceFile? File, long Offset, long Length)
{
    public long End => Offset + Length;
}
