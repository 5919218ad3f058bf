using System.Diagnostics;
using OurTorrent.Tracker.Swarms;
using StackExchange.Redis;

namespace OurTorrent.Tracker.Redis.Tests;

public sealed class OutageTests : RedisNodes
{
    private RedisServer? _server;

    private protected override RedisOptions Redis => new()
    {
        Configuration = _server!.Configuration,
        ExchangeInterval = TimeSpan.FromMinutes(1),
        Timeout = TimeSpan.FromSeconds(1),
    };

    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed.");
        _server = RedisServer.Start();
        return base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _server?.Dispose();
    }

    [Fact]
    public async Task While_Redis_is_away_nodes_go_on_and_when_it_is_back_they_catch_up()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        Announce(first, 1, PeerOf(1));
        await ExchangeAsync(first, second);

        _server!.Kill();
        Announce(first, 1, PeerOf(2));
        Announce(second, 2, PeerOf(3));
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => first.FlushAsync(Cancelled));
        Assert.Contains(_server.Socket, fault.Message, StringComparison.Ordinal);
        Assert.Equal((false, fault.Message), (first.Persistence.IsAvailable, first.Persistence.Error));
        Assert.Equal(1, first.Persistence.Pending);
        Assert.Equal(2, first.Scrape(HashOf(1)).Leechers);

        // It comes back with nothing in it.
        _server.StartAgain();
        await UntilBackAsync(first);
        await UntilBackAsync(second);
        await ExchangeAsync(first, second);
        Assert.Equal((true, null), (first.Persistence.IsAvailable, first.Persistence.Error));
        RedisSwarmStore third = await JoinAsync();
        Assert.Equal((2, 3), (third.Totals.Torrents, third.Totals.Peers));
        AssertSame(third, first, second);
    }

    [Fact]
    public async Task What_is_too_much_to_be_kept_while_Redis_is_away_comes_from_memory_later()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        _server!.Kill();
        for (uint i = 0; i < 2_000_000; i++)
            Announce(first, (int)(i % 100), PeerOf((int)(i % 1000)), key: i);
        await Assert.ThrowsAsync<SwarmStoreException>(() => first.FlushAsync(Cancelled));
        _server.StartAgain();
        await UntilBackAsync(first);
        await UntilBackAsync(second);
        await ExchangeAsync(first, second);
        Assert.Equal(1000, second.Totals.Peers);
        AssertSame(first, second);
    }

    [Fact]
    public async Task No_announce_waits_for_a_Redis_that_does_not_answer()
    {
        RedisSwarmStore node = await JoinAsync();
        _server!.Freeze();
        try
        {
            Task flushed = node.FlushAsync(Cancelled);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 1000; i++)
                Announce(node, 1, PeerOf(i));
            Assert.True(Stopwatch.GetElapsedTime(start) < Redis.Timeout);
            Assert.False(flushed.IsCompleted);
            var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => flushed);
            Assert.Contains("does not answer", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            _server.Thaw();
        }

        await UntilBackAsync(node);
        Assert.Equal(1000, (await JoinAsync()).Scrape(HashOf(1)).Leechers);
    }

    [Fact]
    public async Task A_Redis_that_is_full_is_still_read_and_is_written_to_when_there_is_room()
    {
        RedisSwarmStore first = await JoinAsync();
        RedisSwarmStore second = await JoinAsync();
        Announce(first, 1, PeerOf(1));
        await first.FlushAsync(Cancelled);
        IDatabase database = await DatabaseAsync();
        await database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        Announce(second, 2, PeerOf(2));
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => second.FlushAsync(Cancelled));
        Assert.Contains("OOM", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, second.Scrape(HashOf(1)).Leechers);

        await database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await ExchangeAsync(second, first);
        Assert.Equal(1, first.Scrape(HashOf(2)).Leechers);
    }

    [Fact]
    public async Task A_Redis_that_may_only_be_read_is_said_to_be()
    {
        RedisSwarmStore node = await JoinAsync();
        IDatabase database = await DatabaseAsync();
        await database.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        Announce(node, 1, PeerOf(1));
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => node.FlushAsync(Cancelled));
        Assert.False(node.Persistence.IsAvailable);
        Assert.Contains(_server!.Socket, fault.Message, StringComparison.Ordinal);
        await database.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await UntilBackAsync(node);
        Assert.Equal(1, (await JoinAsync()).Scrape(HashOf(1)).Leechers);
    }

    [Fact]
    public async Task A_node_that_is_closed_while_Redis_is_away_closes()
    {
        RedisSwarmStore node = await JoinAsync();
        Announce(node, 1, PeerOf(1));
        _server!.Kill();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_its_password()
    {
        _server!.Kill();
        RedisOptions options = Redis with { Configuration = Redis.Configuration + ",password=secret" };
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => RedisSwarmStore.ConnectAsync(options, cancellationToken: Cancelled));
        Assert.Contains(_server.Socket, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_said_to_be_wrong()
    {
        _server!.Kill();
        _server.StartAgain("--requirepass", "right");
        RedisOptions options = Redis with { Configuration = Redis.Configuration + ",password=wrong" };
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => RedisSwarmStore.ConnectAsync(options, cancellationToken: Cancelled));
        Assert.Contains("password", fault.Message, StringComparison.Ordinal);
        await (await RedisSwarmStore.ConnectAsync(Redis with { Configuration = Redis.Configuration + ",password=right" }, cancellationToken: Cancelled)).DisposeAsync();
    }

    /// <summary>Tries until the node is connected again; it tries by itself twice a second.</summary>
    private static async Task UntilBackAsync(RedisSwarmStore node)
    {
        for (long start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await node.FlushAsync(Cancelled);
                return;
            }
            catch (SwarmStoreException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancelled);
            }
        }
    }
}
