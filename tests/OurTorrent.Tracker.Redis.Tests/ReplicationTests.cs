using System.Net;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;
using StackExchange.Redis;

namespace OurTorrent.Tracker.Redis.Tests;

public sealed class ReplicationTests(RedisFixture redis) : RedisNodes, IClassFixture<RedisFixture>
{
    private RedisOptions? _options;

    private protected override RedisOptions Redis => _options ??= redis.NewOptions();

    [Fact]
    public async Task Who_announces_to_one_node_is_found_through_another()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        Announce(first, 1, PeerOf(1), isSeeder: true);
        Announce(first, 1, IPv6PeerOf(2));
        await ExchangeAsync(first, second);
        var ipv4 = new byte[CompactPeer.IPv4Length];
        AnnounceResult result = second.Announce(new PeerAnnounce(HashOf(1), PeerOf(3), 1, AnnounceEvent.Started, IsSeeder: false), ipv4, []);
        Assert.Equal(new SwarmCounts(1, 2, 0, 0), result.Counts);
        Assert.True(CompactPeer.TryParse(ipv4, out CompactPeer found));
        Assert.Equal(PeerOf(1), found);
    }

    [Fact]
    public async Task Who_stops_at_one_node_is_gone_from_all()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        Announce(first, 1, PeerOf(1));
        await ExchangeAsync(first, second);
        Assert.Equal(PeerChange.Left, Announce(second, 1, PeerOf(1), AnnounceEvent.Stopped).Change);
        await ExchangeAsync(first, second);
        Assert.Equal(default, first.Scrape(HashOf(1)));
        Assert.Equal(default, (await JoinAsync()).Scrape(HashOf(1)));
    }

    [Fact]
    public async Task Downloads_completed_at_several_nodes_add_up()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        for (int i = 0; i < 5; i++)
            Complete(i < 3 ? first : second, 1, PeerOf(i));
        await ExchangeAsync(first, second);
        Complete(second, 1, PeerOf(5));
        await ExchangeAsync(first, second);
        RedisSwarmStore third = await JoinAsync();
        Assert.All([first, second, third], node => Assert.Equal(new SwarmCounts(6, 0, 0, 6), node.Scrape(HashOf(1))));
    }

    [Fact]
    public async Task A_node_that_dies_leaves_everything_behind()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        for (int i = 0; i < 1000; i++)
            Announce(first, i % 50, i % 10 == 0 ? IPv6PeerOf(i) : PeerOf(i), isSeeder: i % 3 == 0);
        await ExchangeAsync(first, second);
        await first.DisposeAsync();
        RedisSwarmStore third = await JoinAsync();
        Assert.Equal((50, 1000), (second.Totals.Torrents, second.Totals.Peers));
        AssertSame(second, third);
    }

    [Fact]
    public async Task A_node_that_has_missed_more_than_is_kept_takes_the_whole_state()
    {
        _options = Redis with { MaxBatches = 1 };
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        for (int i = 0; i < 300; i++)
        {
            Announce(first, i % 7, PeerOf(i));
            await first.FlushAsync(Cancelled);
        }

        IDatabase database = await DatabaseAsync();
        Assert.True(await database.StreamLengthAsync(KeyOf("changes")) < 300);
        await second.FlushAsync(Cancelled);
        AssertSame(first, second);
    }

    [Fact]
    public async Task A_state_that_was_deleted_is_filled_up_from_all_nodes()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        for (int i = 0; i < 20; i++)
            Complete(first, i, PeerOf(i));
        await ExchangeAsync(first, second);
        IDatabase database = await DatabaseAsync();
        await database.ExecuteAsync("EVAL", "for _, key in ipairs(redis.call('KEYS', '{' .. ARGV[1] .. '}*')) do redis.call('DEL', key) end", "0", Redis.Prefix);
        Announce(second, 99, PeerOf(1));
        await ExchangeAsync(first, second);
        RedisSwarmStore third = await JoinAsync();
        Assert.Equal(first.ConnectionIdKey.ToArray(), third.ConnectionIdKey.ToArray());
        Assert.Equal(21, third.Totals.Torrents);
        AssertSame(third, first, second);
    }

    [Fact]
    public async Task A_state_that_is_older_than_it_was_is_filled_up()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        for (int i = 0; i < 10; i++)
        {
            Announce(first, i, PeerOf(i));
            await ExchangeAsync(first, second);
        }

        IDatabase database = await DatabaseAsync();
        await database.KeyDeleteAsync([KeyOf("changes"), KeyOf("swarms"), .. Enumerable.Range(5, 5).Select(SwarmKey)]);
        await database.StringSetAsync(KeyOf("sequence"), 5);
        await ExchangeAsync(first, second);
        RedisSwarmStore third = await JoinAsync();
        Assert.Equal(10, third.Totals.Torrents);
    }

    [Fact]
    public async Task A_large_swarm_is_filled_up_in_parts()
    {
        RedisSwarmStore first = await JoinAsync();
        for (int i = 0; i < 9500; i++)
        {
            Announce(first, 1, PeerOf(i));
            Announce(first, 1, IPv6PeerOf(i), isSeeder: true);
        }

        await first.FlushAsync(Cancelled);
        await (await DatabaseAsync()).KeyDeleteAsync([KeyOf("epoch"), KeyOf("swarms"), SwarmKey(1)]);
        await first.FlushAsync(Cancelled);
        RedisSwarmStore second = await JoinAsync();
        Assert.Equal(new SwarmCounts(9500, 9500, 0, 0), second.Scrape(HashOf(1)));
    }

    [Fact]
    public async Task Redis_forgets_peers_and_swarms_that_are_too_old()
    {
        RedisSwarmStore node = await JoinAsync();
        IDatabase database = await DatabaseAsync();
        Announce(node, 1, PeerOf(1));
        Announce(node, 2, PeerOf(2));
        Complete(node, 3, PeerOf(3));
        await node.FlushAsync(Cancelled);
        Time.Advance(Swarms.PeerLifetime * 0.7);
        Announce(node, 2, PeerOf(4));
        await node.FlushAsync(Cancelled);
        await database.KeyDeleteAsync(KeyOf("cleaner"));
        Time.Advance(Swarms.PeerLifetime * 0.7);
        await node.FlushAsync(Cancelled);
        Assert.Equal((0, 1, 1), (await database.HashLengthAsync(SwarmKey(1)), await database.HashLengthAsync(SwarmKey(2)), await database.HashLengthAsync(SwarmKey(3))));
        Assert.Equal(2, await database.SortedSetLengthAsync(KeyOf("swarms")));

        await database.KeyDeleteAsync(KeyOf("cleaner"));
        Time.Advance(Swarms.CompletedLifetime);
        await node.FlushAsync(Cancelled);
        Assert.Equal(0, await database.SortedSetLengthAsync(KeyOf("swarms")));
        Assert.False(await database.KeyExistsAsync(SwarmKey(3)));
    }

    [Fact]
    public async Task Only_one_node_cleans_up()
    {
        var state = new RedisState(await DatabaseAsync(), Redis);
        Assert.True(await state.MayCleanAsync("a", TimeSpan.FromMinutes(1)));
        Assert.False(await state.MayCleanAsync("b", TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_batch_that_is_sent_twice_counts_once()
    {
        var state = new RedisState(await DatabaseAsync(), Redis);
        var change = new SwarmChange(HashOf(1), PeerOf(1), PeerKind.Seeder, IsCompletion: true, 1, 1000, 1);
        var bytes = new byte[change.WireLength];
        change.Write(bytes);
        await state.PushAsync("a", 1, 1000, bytes);
        await state.PushAsync("a", 1, 1000, bytes);
        await state.PushAsync("a", 2, 1000, bytes);
        Assert.Equal(2, (long)await (await DatabaseAsync()).HashGetAsync(SwarmKey(1), "c"));
        Assert.Equal(2, await (await DatabaseAsync()).StreamLengthAsync(KeyOf("changes")));
    }

    [Fact]
    public async Task A_swarm_that_nobody_is_in_any_more_leaves_the_memory_of_all_nodes()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        for (int i = 0; i < 100; i++)
            Announce(first, i, PeerOf(i));
        await ExchangeAsync(first, second);
        for (int i = 0; i < 40; i++)
            Time.Advance(Swarms.PeerLifetime / 30);
        Assert.Equal((0, 0), (first.Totals.Torrents, second.Totals.Torrents));
    }

    [Fact]
    public async Task All_nodes_make_connection_ids_under_the_same_key()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        Assert.Equal(16, first.ConnectionIdKey.Length);
        Assert.Equal(first.ConnectionIdKey.ToArray(), second.ConnectionIdKey.ToArray());
    }

    [Fact]
    public async Task Trackers_of_a_group_know_the_peers_of_each_other()
    {
        var options = new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] };
        TrackerOptions shared = await options.WithRedisAsync(Redis, cancellationToken: Cancelled);
        Assert.Equal(16, shared.Udp.ConnectionIdKey.Length);
        await using TrackerServer first = await TrackerServer.StartAsync(shared, cancellationToken: Cancelled);
        await using TrackerServer second = await TrackerServer.StartAsync(await options.WithRedisAsync(Redis, cancellationToken: Cancelled), cancellationToken: Cancelled);
        using var client = new HttpClient();
        const string Announce = "announce?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=-XX0001-123456789012&port=7777&uploaded=0&downloaded=0&left=0&compact=1";
        (await client.GetAsync(new Uri($"http://{first.HttpEndPoints[0]}/{Announce}"), Cancelled)).EnsureSuccessStatusCode();
        await first.Swarms.FlushAsync(Cancelled);
        await second.Swarms.FlushAsync(Cancelled);
        Assert.Equal(1, second.Swarms.Totals.Seeders);
    }

    [Fact]
    public async Task A_key_of_ones_own_is_not_replaced()
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        var options = new TrackerOptions { Udp = new() { ConnectionIdKey = key } };
        TrackerOptions shared = await options.WithRedisAsync(Redis, cancellationToken: Cancelled);
        await using ISwarmStore store = shared.Store!;
        Assert.Equal(key, shared.Udp.ConnectionIdKey.ToArray());
    }

    private RedisKey SwarmKey(int number) => ((RedisKey)KeyOf("swarm:")).Append(HashOf(number).Span.ToArray());
}
