using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Sqlite;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Sqlite;

public sealed class SqliteSwarmStoreTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ourtorrent-journal-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<SqliteSwarmStore> _stores = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_root.FullName, "data");

    private string Database => Path.Combine(Folder, "tracker.db");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SqliteSwarmStore store in _stores)
            await store.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task A_second_tracker_on_the_same_database_is_refused()
    {
        SqliteSwarmStore first = await OpenAsync();
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(OpenAsync);
        Assert.Contains(Database, fault.Message, StringComparison.Ordinal);
        Announce(first, 1, 1);
        await first.FlushAsync(Cancelled);
    }

    [Fact]
    public async Task Others_may_read_and_write_their_tables_while_it_runs()
    {
        SqliteSwarmStore store = await OpenAsync();
        using SqliteConnection other = TrackerDatabase.Open(Database).Connect();
        other.Execute("CREATE TABLE passkeys_of_somebody(passkey)");
        Announce(store, 1, 1);
        await store.FlushAsync(Cancelled);
        Assert.Equal(1, other.Scalar("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task What_has_happened_is_written_after_an_interval()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        Assert.Equal(1, store.Persistence.Pending);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(SpinWait.SpinUntil(() => store.Persistence.Pending == 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task The_lag_is_the_age_of_what_is_not_written()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), store.Persistence.Lag);
    }

    [Fact]
    public async Task A_clean_stop_leaves_images_and_no_log()
    {
        SqliteSwarmStore store = await OpenAsync();
        for (int i = 0; i < 100; i++)
            Announce(store, i % 10, i);
        await store.DisposeAsync();
        Assert.Equal((10, 0), (Scalar("SELECT count(*) FROM torrents"), Scalar("SELECT count(*) FROM journal")));
    }

    [Fact]
    public async Task People_can_read_the_swarms()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        Announce(store, 1, 2, isSeeder: true);
        await store.DisposeAsync();
        Assert.Equal(1, Scalar($"SELECT count(*) FROM swarms WHERE info_hash = '{HashOf(1)}' AND seeders = 1 AND leechers = 1 AND as_of LIKE '2026-01-02 03:04:%'"));
    }

    [Fact]
    public async Task A_log_that_grows_too_long_is_replaced_by_images()
    {
        SqliteSwarmStore store = await OpenAsync(new JournalOptions { LogLimit = 100 });
        Announce(store, 1, 1);
        await store.FlushAsync(Cancelled);
        Assert.Equal((1, 0), (Scalar("SELECT count(*) FROM journal"), Scalar("SELECT count(*) FROM torrents")));
        for (int i = 2; i < 5; i++)
            Announce(store, 2, i, stops: false);
        for (int i = 2; i < 5; i++)
            Announce(store, 2, i, stops: true);
        await store.FlushAsync(Cancelled);
        Assert.Equal((0, 1), (Scalar("SELECT count(*) FROM journal"), Scalar("SELECT count(*) FROM torrents")));
    }

    [Fact]
    public async Task Images_are_written_after_their_interval()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        _time.Advance(new JournalOptions().ImageInterval);
        await store.FlushAsync(Cancelled);
        Assert.Equal((0, 1), (Scalar("SELECT count(*) FROM journal"), Scalar("SELECT count(*) FROM torrents")));
    }

    [Fact]
    public async Task A_swarm_that_is_gone_leaves_no_row()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        Announce(store, 2, 1);
        await store.DisposeAsync();
        store = await OpenAsync();
        Announce(store, 1, 1, stops: true);
        await store.DisposeAsync();
        Assert.Equal(1, Scalar("SELECT count(*) FROM torrents"));
    }

    [Fact]
    public async Task A_swarm_whose_peers_are_all_too_old_at_the_start_leaves_no_row()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        await store.DisposeAsync();
        _time.Advance(TimeSpan.FromHours(2));
        store = await OpenAsync();
        Assert.Empty(store.Enumerate());
        await store.FlushAsync(Cancelled);
        Assert.Equal(0, Scalar("SELECT count(*) FROM torrents"));
    }

    [Fact]
    public async Task Completed_downloads_of_a_swarm_without_peers_are_forgotten_in_the_end()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        Announce(store, 1, 1, isSeeder: true, completes: true);
        Announce(store, 1, 1, stops: true);
        await store.DisposeAsync();
        _time.Advance(TimeSpan.FromDays(29));
        store = await OpenAsync();
        Assert.Equal(1, store.Scrape(HashOf(1)).Completed);
        await store.DisposeAsync();
        _time.Advance(TimeSpan.FromDays(2));
        store = await OpenAsync();
        Assert.Equal(0, store.Scrape(HashOf(1)).Completed);
    }

    [Fact]
    public async Task Each_minute_leaves_a_row_of_statistics_and_old_rows_go()
    {
        SqliteSwarmStore store = await OpenAsync(new JournalOptions { StatisticsLifetime = TimeSpan.FromMinutes(3) });
        long announces = 0;
        store.Requests = () => new RequestCounters { Announces = announces }.Read();
        for (int i = 1; i <= 10; i++)
        {
            Announce(store, 1, i);
            announces += 10 * i;
            _time.Advance(TimeSpan.FromMinutes(1));
            await store.FlushAsync(Cancelled);
        }

        Assert.Equal(4, Scalar("SELECT count(*) FROM statistics"));
        Assert.Equal(100, Scalar("SELECT announces FROM statistics ORDER BY time DESC LIMIT 1"));
        Assert.Equal(10, Scalar("SELECT leechers FROM statistics ORDER BY time DESC LIMIT 1"));
    }

    [Fact]
    public async Task While_another_program_holds_the_database_changes_wait_for_the_log()
    {
        SqliteSwarmStore store = await OpenAsync();
        using (SqliteConnection other = TrackerDatabase.Open(Database).Connect())
        {
            other.Execute("BEGIN IMMEDIATE");
            Announce(store, 1, 1);
            var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => store.FlushAsync(Cancelled));
            Assert.Contains("another program", fault.Message, StringComparison.Ordinal);
            Assert.Equal(1, store.Persistence.Pending);
            Announce(store, 1, 2);
            other.Execute("ROLLBACK");
        }

        await store.FlushAsync(Cancelled);
        Assert.Equal((1, 0), (Scalar("SELECT count(*) FROM journal"), Scalar("SELECT count(*) FROM torrents")));
        await AssertComesBackAsync(store, killed: true);
    }

    [Fact]
    public async Task A_database_that_is_gone_for_a_while_is_made_up_for_when_it_is_back()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        await store.FlushAsync(Cancelled);

        Directory.Move(Folder, Folder + "-away");
        Announce(store, 1, 2);
        Announce(store, 1, 1, stops: true);
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(() => store.FlushAsync(Cancelled));
        Assert.Contains("does not exist", fault.Message, StringComparison.Ordinal);
        Assert.Equal((false, fault.Message), (store.Persistence.IsAvailable, store.Persistence.Error));
        Assert.Equal(1, store.Scrape(HashOf(1)).Leechers);

        Directory.Move(Folder + "-away", Folder);
        await store.FlushAsync(Cancelled);
        Assert.Equal((true, null), (store.Persistence.IsAvailable, store.Persistence.Error));
        await AssertComesBackAsync(store);
    }

    [Fact]
    public async Task A_database_that_was_deleted_is_made_again_with_everything_in_it()
    {
        SqliteSwarmStore store = await OpenAsync();
        for (int i = 0; i < 20; i++)
            Announce(store, i, i);
        await store.FlushAsync(Cancelled);
        Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        await store.FlushAsync(Cancelled);
        await AssertComesBackAsync(store);
    }

    [Fact]
    public async Task What_is_too_much_to_be_kept_while_the_disk_is_away_comes_from_memory_later()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 5000, 1);
        Announce(store, 5001, 1);
        await store.FlushAsync(Cancelled);
        Directory.Move(Folder, Folder + "-away");
        Announce(store, 5000, 1, stops: true);
        for (uint i = 0; i < 2_000_000; i++)
            Announce(store, (int)(i % 100), (int)(i % 1000), key: i);
        await Assert.ThrowsAsync<SwarmStoreException>(() => store.FlushAsync(Cancelled));
        Directory.Move(Folder + "-away", Folder);
        await store.FlushAsync(Cancelled);
        Assert.Equal(101, Scalar("SELECT count(*) FROM torrents"));
        await AssertComesBackAsync(store);
    }

    [Fact]
    public async Task Changes_made_while_images_are_written_are_not_lost()
    {
        SqliteSwarmStore store = await OpenAsync(new JournalOptions { LogLimit = 1, FlushInterval = TimeSpan.FromMilliseconds(10) });
        for (int round = 0; round < 30; round++)
        {
            Task flushed = store.FlushAsync(Cancelled);
            for (int i = 0; i < 300; i++)
                Announce(store, i % 50, (round * 10) + i, stops: i % 3 == 0);
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await flushed;
        }

        await AssertComesBackAsync(store, killed: true);
    }

    [Fact]
    public async Task A_damaged_row_of_the_log_is_named_and_nothing_is_changed()
    {
        await LeaveLogAsync();
        Execute("UPDATE journal SET changes = zeroblob(length(changes))");
        await AssertRefusedAsync("row 1 of the table journal");
    }

    [Fact]
    public async Task A_row_of_the_log_that_ends_in_the_middle_of_a_change_is_refused()
    {
        await LeaveLogAsync();
        byte[] torn = [1, 2, 3];
        Execute($"UPDATE journal SET changes = x'{Convert.ToHexString(torn)}', checksum = {Checksum.Of(torn)}");
        await AssertRefusedAsync("row 1 of the table journal");
    }

    [Theory]
    [InlineData("peers4 = x'01'")]
    [InlineData("info_hash = x'01'")]
    [InlineData("completed = 5")]
    public async Task A_damaged_image_is_named_and_nothing_is_changed(string damage)
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        await store.DisposeAsync();
        Execute($"UPDATE torrents SET {damage}");
        await AssertRefusedAsync("row 1 of the table torrents");
    }

    [Fact]
    public async Task A_log_of_SQLite_that_is_cut_short_takes_only_what_was_in_it()
    {
        SqliteSwarmStore store = await OpenAsync();
        Announce(store, 1, 1);
        await store.FlushAsync(Cancelled);
        long before = new FileInfo(Database + "-wal").Length;
        Announce(store, 1, 2);
        await store.FlushAsync(Cancelled);
        long after = new FileInfo(Database + "-wal").Length;
        foreach (long length in new[] { before, before + 1, after - 1 })
        {
            SqliteSwarmStore copy = await OpenCopyAsync(wal => wal[..(int)length]);
            Assert.Equal(1, copy.Scrape(HashOf(1)).Leechers);
        }

        SqliteSwarmStore whole = await OpenCopyAsync(static wal => wal);
        Assert.Equal(2, whole.Scrape(HashOf(1)).Leechers);
    }

    [Fact]
    public async Task Whatever_bytes_are_damaged_it_opens_or_says_why_not()
    {
        await LeaveLogAsync();
        SqliteSwarmStore store = await OpenAsync();
        for (int i = 0; i < 2000; i++)
            Announce(store, i % 40, i);
        await store.DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(Database, Cancelled);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 20); i > 0; i--)
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            string path = Path.Combine(Folder, $"damaged-{round}.db");
            await File.WriteAllBytesAsync(path, damaged, Cancelled);
            await using var copy = new SqliteSwarmStore(path, new MemorySwarmStoreOptions { TimeProvider = _time });
            try
            {
                await copy.OpenAsync(Cancelled);
            }
            catch (Exception e)
            {
                Assert.True(e is SwarmStoreException && e.Message.Contains(path, StringComparison.Ordinal), $"Seed {seed}, round {round}: {e}");
            }
        }
    }

    [Fact]
    public async Task Nothing_is_flushed_before_it_is_opened_or_after_it_is_closed()
    {
        var store = new SqliteSwarmStore(Database);
        await store.FlushAsync(Cancelled);
        await store.DisposeAsync();
        Assert.Empty(Directory.GetFiles(Folder));
        SqliteSwarmStore opened = await OpenAsync();
        await opened.DisposeAsync();
        await opened.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => opened.FlushAsync(Cancelled));
    }

    private static InfoHash HashOf(int number)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        BitConverter.TryWriteBytes(bytes, (ulong)number * 0x9e3779b97f4a7c15);
        return new InfoHash(bytes);
    }

    private static void Announce(
        SqliteSwarmStore store, int swarm, int peer, bool isSeeder = false, bool completes = false, bool stops = false, uint key = 1)
    {
        AnnounceEvent reason = stops ? AnnounceEvent.Stopped : completes ? AnnounceEvent.Completed : AnnounceEvent.Started;
        store.Announce(new PeerAnnounce(HashOf(swarm), CompactPeer.FromIPv4(0x0a000001u + (uint)peer, 6881), key, reason, isSeeder), [], []);
    }

    private Task<SqliteSwarmStore> OpenAsync() => OpenAsync(new JournalOptions());

    private async Task<SqliteSwarmStore> OpenAsync(JournalOptions options, string? path = null)
    {
        var store = new SqliteSwarmStore(path ?? Database, new MemorySwarmStoreOptions { TimeProvider = _time }, options);
        _stores.Add(store);
        await store.OpenAsync(Cancelled);
        return store;
    }

    /// <summary>Opens what a tracker would have left behind that was killed now.</summary>
    private async Task<SqliteSwarmStore> OpenCopyAsync(Func<byte[], byte[]> change)
    {
        string copy = Path.Combine(Folder, $"copy-{_stores.Count}.db");
        File.Copy(Database, copy);
        await File.WriteAllBytesAsync(copy + "-wal", change(await File.ReadAllBytesAsync(Database + "-wal", Cancelled)), Cancelled);
        return await OpenAsync(new JournalOptions(), copy);
    }

    /// <summary>Leaves a database with one row of log, all of it in the main file.</summary>
    private async Task LeaveLogAsync()
    {
        SqliteSwarmStore store = await OpenAsync();
        await store.DisposeAsync();
        var change = new SwarmChange(
            HashOf(1), CompactPeer.FromIPv4(1, 1), PeerKind.Leecher, IsCompletion: false, 1, (uint)_time.GetUtcNow().ToUnixTimeSeconds(), 0);
        var bytes = new byte[change.WireLength];
        change.Write(bytes);
        Execute($"INSERT INTO journal VALUES(1, {Checksum.Of(bytes)}, x'{Convert.ToHexString(bytes)}')");
    }

    private async Task AssertRefusedAsync(string words)
    {
        byte[] before = await File.ReadAllBytesAsync(Database, Cancelled);
        var fault = await Assert.ThrowsAsync<SwarmStoreException>(OpenAsync);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains(Database, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Cancelled));
    }

    private async Task AssertComesBackAsync(SqliteSwarmStore store, bool killed = false)
    {
        SwarmSummary[] before = [.. store.Enumerate().OrderBy(swarm => swarm.InfoHash)];
        if (killed)
            await store.FlushAsync(Cancelled);
        SqliteSwarmStore again = killed ? await OpenCopyAsync(static wal => wal) : await ReopenAsync(store);
        Assert.Equal(before, again.Enumerate().OrderBy(swarm => swarm.InfoHash));
    }

    private async Task<SqliteSwarmStore> ReopenAsync(SqliteSwarmStore store)
    {
        await store.DisposeAsync();
        return await OpenAsync();
    }

    private long Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return connection.Scalar(sql);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
