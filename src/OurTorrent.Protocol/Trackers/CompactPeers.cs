namespace OurTorrent.Protocol.Trackers;

/// <summary>A list of peers of equal length, read where it lies (BEP 7, BEP 15, BEP 23).</summary>
public readonly ref struct CompactPeers
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _stride;

    /// <summary>Takes a list; bytes after the last whole peer do not count.</summary>
    /// <param name="bytes">The peers, one after the other.</param>
    /// <param name="isIPv6">Whether a peer has 18 bytes, not 6.</param>
    public CompactPeers(ReadOnlySpan<byte> bytes, bool isIPv6)
    {
        _stride = isIPv6 ? CompactPeer.IPv6Length : CompactPeer.IPv4Length;
        _bytes = bytes;
    }

    /// <summary>How many peers there are.</summary>
    public int Count => _stride == 0 ? 0 : _bytes.Length / _stride;

    /// <summary>One of the peers.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    public CompactPeer this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return CompactPeer.TryParse(_bytes.Slice(index * _stride, _stride), out CompactPeer peer) ? peer : default;
        }
    }

    /// <summary>Walks over the peers without allocation.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks over the peers.</summary>
    public ref struct Enumerator
    {
        private readonly CompactPeers _peers;
        private int _index;

        internal Enumerator(CompactPeers peers)
        {
            _peers = peers;
            _index = -1;
        }

        /// <summary>The peer the walk stands at.</summary>
        public readonly CompactPeer Current => _peers[_index];

        /// <summary>Goes on to the next peer.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext() => ++_index < _peers.Count;
    }
}
