using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;
using StackExchange.Redis;

namespace OurTorrent.Tracker.Redis.Tests;

/// <summary>What tests of several nodes share: nodes that exchange when they are told to, and a connection of one's own.</summary>
public abstract class RedisNodes : IAsyncLifetime
{
    private readonly List<RedisSwarmStore> _nodes = [];
    private ConnectionMultiplexer? _connection;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected abstract RedisOptions Redis { get; }

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private protected MemorySwarmStoreOptions Swarms => new() { TimeProvider = Time };

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (RedisSwarmStore node in _nodes)
            await node.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<IDatabase> DatabaseAsync()
    {
        _connection ??= await ConnectionMultiplexer.ConnectAsync(Redis.Configuration + ",allowAdmin=true");
        return _connection.GetDatabase();
    }

    private protected string KeyOf(string name) => $"{{{Redis.Prefix}}}:{name}";

    private protected async Task<RedisSwarmStore> JoinAsync()
    {
        RedisSwarmStore node = await RedisSwarmStore.ConnectAsync(Redis, Swarms, cancellationToken: Cancelled);
        _nodes.Add(node);
        await node.OpenAsync(Cancelled);
        return node;
    }

    /// <summary>Has each node send what it has, and then each take what the others have sent.</summary>
    private protected static async Task ExchangeAsync(params RedisSwarmStore[] nodes)
    {
        for (int i = 0; i < 2; i++)
        {
            foreach (RedisSwarmStore node in nodes)
                await node.FlushAsync(Cancelled);
        }
    }

    private protected static InfoHash HashOf(int number)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        BitConverter.TryWriteBytes(bytes, (ulong)number * 0x9e3779b97f4a7c15);
        return new InfoHash(bytes);
    }

    private protected static CompactPeer PeerOf(int number) => CompactPeer.FromIPv4(0x0a000001u + (uint)number, 6881);

    private protected static CompactPeer IPv6PeerOf(int number) => CompactPeer.FromIPv6(new UInt128(0x20010db800000000, 1UL + (ulong)number), 6881);

    private protected static AnnounceResult Announce(
        ISwarmStore node, int swarm, CompactPeer peer, AnnounceEvent reason = AnnounceEvent.Started, bool isSeeder = false, uint key = 1) =>
        node.Announce(new PeerAnnounce(HashOf(swarm), peer, key, reason, isSeeder), [], []);

    private protected static void Complete(ISwarmStore node, int swarm, CompactPeer peer)
    {
        Announce(node, swarm, peer);
        Announce(node, swarm, peer, AnnounceEvent.Completed, isSeeder: true);
    }

    private protected static void AssertSame(ISwarmStore expected, params ISwarmStore[] others)
    {
        SwarmSummary[] swarms = [.. expected.Enumerate().OrderBy(swarm => swarm.InfoHash)];
        foreach (ISwarmStore other in others)
            Assert.Equal(swarms, other.Enumerate().OrderBy(swarm => swarm.InfoHash));
    }
}
