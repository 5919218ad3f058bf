using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>
/// Where each byte of the content is kept: cuts ranges of the torrent's byte space into stretches of files. Padding files
/// (BEP 47), symbolic links, and the gaps between the aligned files of a v2 torrent (BEP 52) are kept nowhere. Immutable.
/// </summary>
internal sealed class StorageMap
{
    // Files with bytes of their own, in the order of the content.
    private readonly long[] _starts;
    private readonly long[] _lengths;
    private readonly int[] _files;
    private readonly bool _hasPadding;

    /// <summary>Makes the map of a torrent.</summary>
    public StorageMap(TorrentMetainfo metainfo)
    {
        int count = 0;
        foreach (TorrentFile file in metainfo.Files)
            count += IsKept(file) ? 1 : 0;

        _starts = new long[count];
        _lengths = new long[count];
        _files = new int[count];
        count = 0;
        foreach (TorrentFile file in metainfo.Files)
        {
            if (!IsKept(file))
                continue;
            _starts[count] = file.Offset;
            _lengths[count] = file.Length;
            _files[count++] = file.Index;
        }

        PieceLength = metainfo.PieceLength;

        // A symbolic link has no length (BEP 47); one that claims to is kept nowhere, but its bytes may be anything.
        _hasPadding = metainfo.Files.Any(static file => file.IsPadding)
            && !metainfo.Files.Any(static file => file.Length > 0 && !file.IsPadding && !IsKept(file));
    }

    /// <summary>The length of every piece but the last, in bytes.</summary>
    public int PieceLength { get; }

    /// <summary>Cuts a range into stretches, which come in order and leave nothing out.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="offset">Where the range begins in the piece, in bytes.</param>
    /// <param name="length">The length of the range in bytes.</param>
    public Spans SpansOf(int piece, int offset, int length) => new(this, ((long)piece * PieceLength) + offset, length);

    /// <summary>
    /// Where in a piece the padding begins that it ends with (BEP 47): everything from there on is zeros. The length of the
    /// piece when it ends with content, and also when there is nothing but padding in it, which no honest torrent has.
    /// </summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="length">The length of the piece in bytes.</param>
    public int ContentEndOf(int piece, int length)
    {
        if (!_hasPadding)
            return length;

        // The last file that begins before the end of the piece.
        long start = (long)piece * PieceLength;
        int next = Array.BinarySearch(_starts, start + length);
        int last = (next < 0 ? ~next : next) - 1;
        long end = last < 0 ? 0 : _starts[last] + _lengths[last] - start;
        return end <= 0 ? length : (int)Math.Min(end, length);
    }

    private static bool IsKept(TorrentFile file) =>
        file.Length > 0 && (file.Attributes & (TorrentFileAttributes.Padding | TorrentFileAttributes.Symlink)) == TorrentFileAttributes.None;

    /// <summary>The first file that ends after a position.</summary>
    private int FirstAt(long position)
    {
        int low = 0;
        int high = _starts.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_starts[middle] + _lengths[middle] <= position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The stretches of a range, for <c>foreach</c>.</summary>
    public struct Spans
    {
        private readonly StorageMap _map;
        private readonly long _start;
        private readonly int _length;
        private int _next;
        private int _done;

        internal Spans(StorageMap map, long start, int length)
        {
            _map = map;
            _start = start;
            _length = length;
            _next = map.FirstAt(start);
        }

        /// <summary>The current stretch.</summary>
        public StorageSpan Current { get; private set; }

        /// <summary>The stretches themselves.</summary>
        public readonly Spans GetEnumerator() => this;

        /// <summary>Goes to the next stretch.</summary>
        public bool MoveNext()
        {
            int left = _length - _done;
            if (left <= 0)
                return false;

            long position = _start + _done;
            long start = _next < _map._starts.Length ? _map._starts[_next] : long.MaxValue;
            if (position < start)
            {
                Current = new StorageSpan(StorageSpan.Gap, 0, _done, (int)Math.Min(left, start - position));
            }
            else
            {
                long inFile = position - start;
                int length = (int)Math.Min(left, _map._lengths[_next] - inFile);
                Current = new StorageSpan(_map._files[_next], inFile, _done, length);
                _next++;
            }

            _done += Current.Length;
            return true;
        }
    }
}
