using OurTorrent.Crash.Programs;
using OurTorrent.Tracker.Redis.Tests;

namespace OurTorrent.Crash.Trackers;

/// <summary>Trackers on one state in Redis, of which one is killed (SIGKILL).</summary>
public sealed class NodeKillTests : IDisposable
{
    private const int Peers = 5000;
    private readonly TemporaryFolder _folder = new();
    private RedisServer? _redis;

    public void Dispose()
    {
        _redis?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_announced_to_a_tracker_that_is_killed_is_known_to_the_others_and_to_the_next()
    {
        await using RunningTracker first = await StartAsync();
        await using RunningTracker second = await StartAsync();
        using UdpClients clients = await UdpClients.ConnectAsync(first.EndPoint);
        for (int peer = 0; peer < Peers; peer++)
            await clients.AnnounceAsync(peer);
        await first.UntilAsync(line => line.PersistencePending == 0);
        await second.UntilAsync(line => line.Leechers == Peers);
        await first.KillAsync();

        // The id they were given by the first holds at the second.
        clients.GoTo(second.EndPoint);
        Assert.Equal(Peers, await clients.CountAsync());
        await using RunningTracker third = await StartAsync();
        for (int peer = 0; peer < 1000; peer++)
            await clients.AnnounceAsync(peer, stops: true);
        await third.UntilAsync(line => line.Leechers == Peers - 1000);
        clients.GoTo(third.EndPoint);
        Assert.Equal(Peers - 1000, await clients.CountAsync());
    }

    [Fact]
    public async Task Trackers_go_on_while_Redis_is_killed_and_agree_again_when_it_is_back_with_nothing()
    {
        await using RunningTracker first = await StartAsync();
        await using RunningTracker second = await StartAsync();
        using UdpClients clients = await UdpClients.ConnectAsync(first.EndPoint);
        for (int peer = 0; peer < 1000; peer++)
            await clients.AnnounceAsync(peer);
        await second.UntilAsync(line => line.Leechers == 1000);
        _redis!.Kill();
        for (int peer = 1000; peer < 2000; peer++)
            await clients.AnnounceAsync(peer);
        clients.GoTo(second.EndPoint);
        for (int peer = 2000; peer < 3000; peer++)
            await clients.AnnounceAsync(peer);
        TrackerLine away = await second.UntilAsync(line => line.PersistenceError is not null);
        Assert.Contains(_redis.Socket, away.PersistenceError, StringComparison.Ordinal);

        _redis.StartAgain();
        await first.UntilAsync(line => line is { Leechers: 3000, PersistenceError: null, PersistencePending: 0 });
        await second.UntilAsync(line => line is { Leechers: 3000, PersistenceError: null, PersistencePending: 0 });
        await using RunningTracker third = await StartAsync();
        clients.GoTo(third.EndPoint);
        Assert.Equal(3000, await clients.CountAsync());
    }

    private Task<RunningTracker> StartAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed.");
        _redis ??= RedisServer.Start();
        return RunningTracker.StartAsync(_folder.Root, "--redis", _redis.Configuration);
    }
}
