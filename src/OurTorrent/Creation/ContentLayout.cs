namespace OurTorrent.Creation;

/// <summary>The byte space of a torrent: its files end to end, or, for v2, each from a piece boundary on (BEP 3, BEP 47, BEP 52).</summary>
internal sealed class ContentLayout
{
    private readonly List<ContentSpan> _spans = [];

    /// <summary>Places files.</summary>
    /// <param name="files">The files, in order.</param>
    /// <param name="pieceLength">The piece length in bytes.</param>
    /// <param name="alignsFiles">Whether every file begins on a piece boundary, with padding before it where that takes some.</param>
    public ContentLayout(IReadOnlyList<SourceFile> files, int pieceLength, bool alignsFiles)
    {
        PieceLength = pieceLength;
        foreach (SourceFile file in files)
        {
            // Before every file, also an empty one, but not after the last: hybrid torrents are compared file by file with a
            // list that others make in this way.
            long beyond = Length % pieceLength;
            if (alignsFiles && beyond != 0)
                Append(null, pieceLength - beyond);

            Append(file, file.Length);
            ContentLength += file.Length;
        }
    }

    /// <summary>The length of every piece but the last.</summary>
    public int PieceLength { get; }

    /// <summary>Files and padding, in order.</summary>
    public IReadOnlyList<ContentSpan> Spans => _spans;

    /// <summary>The length of files and padding together.</summary>
    public long Length { get; private set; }

    /// <summary>The length of the files.</summary>
    public long ContentLength { get; }

    /// <summary>The number of pieces.</summary>
    public long PieceCount => (Length + PieceLength - 1) / PieceLength;

    /// <summary>The length of a piece with the padding in it, as v1 hashes it.</summary>
    public int LengthOf(int piece) => (int)Math.Min(PieceLength, Length - ((long)piece * PieceLength));

    /// <summary>The place, among <see cref="Spans"/>, of the one that holds a byte.</summary>
    public int IndexAt(long position)
    {
        int low = 0;
        int high = _spans.Count - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_spans[middle].End <= position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Append(SourceFile? file, long length)
    {
        _spans.Add(new ContentSpan(file, Length, length));
        Length = checked(Length + length);
    }
}
