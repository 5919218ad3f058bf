namespace OurTorrent.Tracker.Redis;

/// <summary>Gathers images of swarms for <see cref="RedisScripts.Merge"/>, so many that a step takes Redis some milliseconds.</summary>
internal sealed class MergeBatch(uint now)
{
    private const int MaxPeers = 4000;
    private readonly List<RedisValue> _arguments = [now];
    private int _peers;

    /// <summary>Adds a swarm, a large one in parts.</summary>
    /// <returns>What is full and is to be sent at once.</returns>
    public IEnumerable<RedisValue[]> Add(SwarmImage image)
    {
        ReadOnlyMemory<byte> ipv4 = image.IPv4Peers.WrittenMemory;
        ReadOnlyMemory<byte> ipv6 = image.IPv6Peers.WrittenMemory;
        do
        {
            ReadOnlyMemory<byte> ipv4Part = Cut(ref ipv4, CompactPeer.IPv4Length);
            ReadOnlyMemory<byte> ipv6Part = Cut(ref ipv6, CompactPeer.IPv6Length);
            _arguments.Add(image.InfoHash.Span.ToArray());
            _arguments.Add(image.Counts.Completed);
            _arguments.Add(ipv4Part.ToArray());
            _arguments.Add(ipv6Part.ToArray());
            _peers++;
            if (_peers >= MaxPeers && Take() is { } full)
                yield return full;
        }
        while (!ipv4.IsEmpty || !ipv6.IsEmpty);
    }

    /// <summary>What has been gathered, or null.</summary>
    public RedisValue[]? Take()
    {
        if (_peers == 0)
            return null;

        RedisValue[] arguments = [.. _arguments];
        _arguments.RemoveRange(1, _arguments.Count - 1);
        _peers = 0;
        return arguments;
    }

    private ReadOnlyMemory<byte> Cut(ref ReadOnlyMemory<byte> peers, int compactLength)
    {
        int length = compactLength + SwarmImage.PeerSuffixLength;
        int count = Math.Min(peers.Length / length, MaxPeers);
        ReadOnlyMemory<byte> part = peers[..(count * length)];
        peers = peers[part.Length..];
        _peers += count;
        return part;
    }
}
