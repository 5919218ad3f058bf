using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// Swarms in memory: about 20 bytes for an IPv4 peer with its share of a torrent, outside the garbage collector's heap.
/// An announce costs a fraction of a microsecond however many there are; peers are forgotten a few thousand at a time.
/// </summary>
public sealed unsafe class MemorySwarmStore : ISwarmStore
{
    /// <summary>In how many steps <see cref="Prefetch"/> wants to be called.</summary>
    internal const int PrefetchSteps = 3;

    private const int ShardBits = 8;
    private const int ShardCount = 1 << ShardBits;
    private const int SweepSteps = 16;
    private const int TicksInLifetime = 30;
    private readonly HashSecret _secret;
    private readonly SwarmMemory _memory = new();
    private readonly SwarmShard[] _shards = new SwarmShard[ShardCount];
    private readonly TrackerClock _clock;
    private readonly uint _tickSeconds;
    private readonly int _maxTorrents;
    private readonly ITimer _sweeper;
    private readonly Lock _sweeping = new();
    private int _torrents;
    private int _sweepStep;
    private uint _sweptTick;
    private bool _isDisposed;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">Its measures; the defaults if null.</param>
    public MemorySwarmStore(MemorySwarmStoreOptions? options = null)
        : this(options ?? new MemorySwarmStoreOptions(), new Random(RandomNumberGenerator.GetInt32(int.MaxValue)))
    {
    }

    /// <summary>Makes an empty store that chooses peers as foreseen by a seed.</summary>
    internal MemorySwarmStore(MemorySwarmStoreOptions options, Random random)
    {
        options.Validate();
        _secret = new HashSecret(random);
        _clock = new TrackerClock(options.TimeProvider);
        _tickSeconds = (uint)Math.Max(1, (int)(options.PeerLifetime.TotalSeconds / TicksInLifetime));
        PeerLifetimeTicks = (uint)Math.Ceiling(options.PeerLifetime.TotalSeconds / _tickSeconds);
        CompletedLifetimeHours = (int)Math.Min(Math.Ceiling(options.CompletedLifetime.TotalHours), ushort.MaxValue);
        _maxTorrents = options.MaxTorrents;
        MaxPeersPerTorrent = options.MaxPeersPerTorrent;
        for (int i = 0; i < ShardCount; i++)
            _shards[i] = new SwarmShard(this, _memory, _secret, (ulong)random.NextInt64());
        Changes = new ChangeFeed(_shards);
        _sweptTick = Time.Tick;

        TimeSpan period = TimeSpan.FromSeconds(_tickSeconds) / SweepSteps;
        _sweeper = options.TimeProvider.CreateTimer(static store => ((MemorySwarmStore)store!).Sweep(), this, period, period);
    }

    /// <inheritdoc/>
    public SwarmTotals Totals
    {
        get
        {
            long torrents = 0, seeders = 0, leechers = 0, ipv6 = 0, completed = 0;
            foreach (SwarmShard shard in _shards)
            {
                SwarmTotals part = shard.Totals;
                torrents += part.Torrents;
                seeders += part.Seeders;
                leechers += part.Leechers;
                ipv6 += part.IPv6Peers;
                completed += part.Completed;
            }

            return new SwarmTotals(torrents, seeders, leechers, ipv6, completed, _memory.Used);
        }
    }

    /// <inheritdoc/>
    public PersistenceStatus Persistence => PersistenceStatus.None;

    /// <summary>What happens here, for one who keeps it or sends it on.</summary>
    internal ChangeFeed Changes { get; }

    internal StampTime Time => new(_clock.Seconds, _tickSeconds);

    internal uint PeerLifetimeTicks { get; }

    internal int CompletedLifetimeHours { get; }

    internal int MaxPeersPerTorrent { get; }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Prefetch(in InfoHash infoHash, in CompactPeer peer, bool isSeeder, int step)
    {
        ulong hash = _secret.Of(infoHash);
        SwarmShard shard = ShardOf(hash);
        byte* bytes = stackalloc byte[PeerBufferLength];
        if (step == PrefetchSteps - 1)
            peer.Write(new Span<byte>(bytes, PeerBufferLength));
        if (peer.IsIPv6)
            shard.Prefetch<IPv6Family>(hash, infoHash, bytes, isSeeder, step);
        else
            shard.Prefetch<IPv4Family>(hash, infoHash, bytes, isSeeder, step);
    }

    /// <inheritdoc/>
    public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers)
    {
        ulong hash = _secret.Of(announce.InfoHash);
        SwarmShard shard = ShardOf(hash);
        byte* peer = stackalloc byte[PeerBufferLength];
        announce.Peer.Write(new Span<byte>(peer, PeerBufferLength));
        return announce.Peer.IsIPv6
            ? shard.Announce<IPv6Family>(hash, announce, peer, ipv4Peers, ipv6Peers)
            : shard.Announce<IPv4Family>(hash, announce, peer, ipv4Peers, ipv6Peers);
    }

    /// <inheritdoc/>
    public SwarmCounts Scrape(in InfoHash infoHash)
    {
        ulong hash = _secret.Of(infoHash);
        return ShardOf(hash).Scrape(hash, infoHash);
    }

    /// <inheritdoc/>
    public IEnumerable<SwarmSummary> Enumerate()
    {
        var summaries = new List<SwarmSummary>();
        foreach (SwarmShard shard in _shards)
        {
            summaries.Clear();
            shard.AddTo(summaries);
            foreach (SwarmSummary summary in summaries)
                yield return summary;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SwarmSummary> Busiest(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var largest = new PriorityQueue<SwarmSummary, int>();
        if (count > 0)
        {
            foreach (SwarmShard shard in _shards)
                shard.AddTo(largest, count);
        }

        var summaries = new SwarmSummary[largest.Count];
        for (int i = summaries.Length - 1; i >= 0; i--)
            summaries[i] = largest.Dequeue();
        return summaries;
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sweeper.Dispose();
        _clock.Dispose();
        lock (_sweeping)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                foreach (SwarmShard shard in _shards)
                    shard.Clear();
                _memory.Dispose();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Takes a change from a journal, or from another node.</summary>
    internal void Apply(in SwarmChange change, bool isRemote)
    {
        ulong hash = _secret.Of(change.InfoHash);
        SwarmShard shard = ShardOf(hash);
        byte* peer = stackalloc byte[PeerBufferLength];
        change.Peer.Write(new Span<byte>(peer, PeerBufferLength));
        if (change.Peer.IsIPv6)
            shard.Apply<IPv6Family>(hash, change, peer, isRemote);
        else
            shard.Apply<IPv4Family>(hash, change, peer, isRemote);
    }

    /// <summary>Brings back a swarm from what <see cref="SwarmImage"/> held; peers whose time is over, and bytes that make no peer, are left out.</summary>
    internal void Restore(in InfoHash infoHash, uint completed, ReadOnlySpan<byte> ipv4Peers, ReadOnlySpan<byte> ipv6Peers)
    {
        ulong hash = _secret.Of(infoHash);
        ShardOf(hash).Restore(hash, infoHash, completed, ipv4Peers, ipv6Peers);
    }

    /// <summary>Copies the next swarm; each is held for as long as its copy takes, no longer.</summary>
    /// <param name="cursor">How far the walk has come.</param>
    /// <param name="changedOnly">Whether only swarms count that have changed since the last walk with this set.</param>
    /// <param name="image">Where the swarm is copied to.</param>
    /// <returns>Whether there was one more.</returns>
    internal bool NextImage(ref ImageCursor cursor, bool changedOnly, SwarmImage image)
    {
        for (; cursor.Shard < ShardCount; cursor.Shard++, cursor.Id = 0)
        {
            if (_shards[cursor.Shard].NextImage(ref cursor.Id, changedOnly, image))
                return true;
        }

        return false;
    }

    /// <summary>Whether there may be one swarm more; if so it is counted.</summary>
    internal bool TryAddTorrent()
    {
        if (Interlocked.Increment(ref _torrents) <= _maxTorrents)
            return true;

        Interlocked.Decrement(ref _torrents);
        return false;
    }

    internal void RemoveTorrent() => Interlocked.Decrement(ref _torrents);

    // The longest peer, and room to read it as whole words.
    private const int PeerBufferLength = 24;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SwarmShard ShardOf(ulong hash) => _shards[hash >> (64 - ShardBits)];

    private void Sweep()
    {
        if (!_sweeping.TryEnter())
            return;

        try
        {
            if (_isDisposed)
                return;

            // Stamps are too short to tell how long ago it was if the process has stood still for hours; but then nobody is left anyway.
            uint tick = Time.Tick;
            bool stoodStill = tick - _sweptTick > PeerStamp.MaxAge - PeerLifetimeTicks - 2;
            _sweptTick = tick;
            int step = stoodStill ? 0 : _sweepStep++ % SweepSteps;
            for (int i = step; i < ShardCount; i += stoodStill ? 1 : SweepSteps)
                _shards[i].Sweep(stoodStill ? -1 : (int)PeerLifetimeTicks);
        }
        finally
        {
            _sweeping.Exit();
        }
    }
}
