namespace OurTorrent.Tracker.Swarms;

/// <summary>The sums of a shard, kept as its swarms change.</summary>
internal struct ShardTotals
{
    public long IPv6Peers;
    private long _torrents;
    private long _seeders;
    private long _leechers;
    private long _completed;

    /// <summary>Takes note that one swarm's counts have changed.</summary>
    public void Add(in SwarmCounts before, in SwarmCounts after)
    {
        _seeders += after.Seeders - before.Seeders;
        _leechers += after.Leechers - before.Leechers;
        _completed += after.Completed - before.Completed;
        _torrents += (after.Seeders + after.Leechers > 0 ? 1 : 0) - (before.Seeders + before.Leechers > 0 ? 1 : 0);
    }

    public readonly SwarmTotals Read() => new(_torrents, _seeders, _leechers, IPv6Peers, _completed, MemoryBytes: 0);
}
