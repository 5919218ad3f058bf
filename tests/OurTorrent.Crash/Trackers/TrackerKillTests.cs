using System.Diagnostics;
using System.Net.Sockets;
using OurTorrent.Crash.Disks;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.Trackers;

/// <summary>A tracker on SQLite that is killed (SIGKILL) while peers announce, and one whose disk fills up.</summary>
public sealed class TrackerKillTests : IAsyncLifetime
{
    private const int DefaultKills = 3;

    // The interval of the journal, and what a busy machine may take to write.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5 + 3);

    private readonly TemporaryFolder _folder = new();
    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;
    private MountedDisk? _disk;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_disk is not null)
            await _disk.UnmountAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_tracker_that_is_killed_under_load_has_everything_again_that_is_older_than_an_interval()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("OURTORRENT_KILLS_OF_TRACKER"), CultureInfo.InvariantCulture, out int wanted) ? wanted : DefaultKills;
        int seed = Environment.TickCount & 0xffff;
        var random = new Random(seed);
        int next = 0;
        int known = 0;
        for (int kill = 1; kill <= kills; kill++)
        {
            var acknowledged = new List<(int Peer, long At)>();
            TimeSpan life = Kept + TimeSpan.FromSeconds(random.NextDouble() * 6);
            await using (RunningTracker tracker = await StartAsync())
            {
                long start = Stopwatch.GetTimestamp();
                using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
                Task killing = KillLaterAsync(tracker, life, killed);
                next = await AnnounceUntilItEndsAsync(tracker, next, acknowledged, killed.Token);
                await killing;
                _output.WriteLine($"Seed {seed}, kill {kill} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s and {acknowledged.Count} announces.");
            }

            long end = acknowledged[^1].At;
            int[] old = [.. acknowledged.Where(peer => Stopwatch.GetElapsedTime(peer.At, end) > Kept).Select(peer => peer.Peer)];
            await using RunningTracker again = await StartAsync();
            using UdpClients clients = await UdpClients.ConnectAsync(again.EndPoint);
            int back = await clients.CountAsync();
            Assert.InRange(back, known + old.Length, next);

            // Whoever is there already is not counted again.
            foreach (int peer in old)
                await clients.AnnounceAsync(peer);
            Assert.True(await clients.CountAsync() == back, $"Seed {seed}, kill {kill}: peers had gone that had been acknowledged {Kept.TotalSeconds} s before.");
            known = back;
            Assert.Equal(0, await again.StopAsync());
        }
    }

    [Fact]
    public async Task Who_has_left_before_a_kill_stays_away()
    {
        await using (RunningTracker tracker = await StartAsync())
        {
            using UdpClients clients = await UdpClients.ConnectAsync(tracker.EndPoint);
            for (int peer = 0; peer < 300; peer++)
                await clients.AnnounceAsync(peer);
            for (int peer = 0; peer < 200; peer++)
                await clients.AnnounceAsync(peer, stops: true);
            await tracker.UntilAsync(line => line.PersistencePending == 0);
            await tracker.KillAsync();
        }

        await using RunningTracker again = await StartAsync();
        using UdpClients after = await UdpClients.ConnectAsync(again.EndPoint);
        Assert.Equal(100, await after.CountAsync());
    }

    [Fact]
    public async Task A_tracker_killed_at_any_moment_of_its_start_or_its_stop_starts_again()
    {
        var random = new Random(Environment.TickCount);
        await using (RunningTracker tracker = await StartAsync())
        {
            using UdpClients clients = await UdpClients.ConnectAsync(tracker.EndPoint);
            for (int peer = 0; peer < 5000; peer++)
                await clients.AnnounceAsync(peer);
            await tracker.UntilAsync(line => line.PersistencePending == 0);
            await tracker.KillAsync();
        }

        for (int i = 0; i < 10; i++)
        {
            await using RunningCommand command = RunningCommand.Start(
                _folder.Root, "tracker", "--udp", "127.0.0.1:0", "--database", _folder["tracker.db"], "--json");
            if (i % 2 == 0)
            {
                await command.ReadLineAsync("listening");
                command.Terminate();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 60), TimeProvider.System, Cancelled);
            await command.KillAsync();
        }

        await using RunningTracker again = await StartAsync();
        using UdpClients after = await UdpClients.ConnectAsync(again.EndPoint);
        Assert.Equal(5000, await after.CountAsync());
    }

    [Fact]
    public async Task A_tracker_goes_on_while_its_disk_is_full_and_catches_up_when_it_is_not()
    {
        const int Peers = 20_000;
        string folder = _folder["disk"];
        _disk = await MountedDisk.MountAsync(folder, 512 * 1024);
        string database = Path.Combine(folder, "tracker.db");
        await using (RunningTracker tracker = await RunningTracker.StartAsync(_folder.Root, "--database", database))
        {
            using UdpClients clients = await UdpClients.ConnectAsync(tracker.EndPoint);
            for (int peer = 0; peer < Peers; peer++)
                await clients.AnnounceAsync(peer);
            TrackerLine full = await tracker.UntilAsync(line => line.PersistenceError is not null);
            Assert.Contains("the disk is full", full.PersistenceError, StringComparison.Ordinal);
            Assert.Contains(database, full.PersistenceError, StringComparison.Ordinal);
            Assert.Equal(Peers, await clients.CountAsync());

            await _disk.ResizeAsync(64 * 1024 * 1024);
            await tracker.UntilAsync(line => line is { PersistenceError: null, PersistencePending: 0 });
            await tracker.KillAsync();
        }

        await using RunningTracker again = await RunningTracker.StartAsync(_folder.Root, "--database", database);
        using UdpClients after = await UdpClients.ConnectAsync(again.EndPoint);
        Assert.Equal(Peers, await after.CountAsync());
    }

    private Task<RunningTracker> StartAsync() => RunningTracker.StartAsync(_folder.Root, "--database", _folder["tracker.db"]);

    private static async Task KillLaterAsync(RunningTracker tracker, TimeSpan life, CancellationTokenSource killed)
    {
        await Task.Delay(life, TimeProvider.System, Cancelled);
        await tracker.KillAsync();
        await killed.CancelAsync();
    }

    /// <summary>New peers announce, as fast as they are answered for a while and then at leisure, until there is no tracker any more.</summary>
    /// <returns>The next new peer.</returns>
    private static async Task<int> AnnounceUntilItEndsAsync(
        RunningTracker tracker, int next, List<(int Peer, long At)> acknowledged, CancellationToken killed)
    {
        const int AtFullSpeed = 20_000;
        using UdpClients clients = await UdpClients.ConnectAsync(tracker.EndPoint, killed);
        try
        {
            while (next < UdpClients.Most)
            {
                await clients.AnnounceAsync(next++);
                acknowledged.Add((next - 1, Stopwatch.GetTimestamp()));
                if (acknowledged.Count > AtFullSpeed)
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancelled);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The tracker is gone.
        }

        return next;
    }
}
