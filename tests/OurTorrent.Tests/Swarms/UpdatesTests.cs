using System.Net;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.Swarms;

/// <summary>Following many torrents, most of which have nothing to do.</summary>
public sealed class UpdatesTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _one = TestContent.Create("one.bin", 32 * 1024, ("", 100_000));
    private readonly TestContent _two = TestContent.Create("two.bin", 32 * 1024, ("", 200_000));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_first_look_gives_every_torrent_and_later_ones_those_in_which_something_happens()
    {
        _one.WriteTo(_rig.Folder["seed"]);
        _two.WriteTo(_rig.Folder["seed"]);
        Session session = await _rig.StartAsync("seed");
        Torrent one = await SeedAsync(session, _one);
        Torrent two = await SeedAsync(session, _two);
        await Rig.WithinAsync(Task.WhenAll(one.Checked, two.Checked));

        SessionUpdates updates = session.GetUpdates();
        Assert.Equal([one, two], updates.Torrents.Select(static update => update.Torrent));
        Assert.All(updates.Torrents, static update => Assert.True(update.Status.IsComplete));
        await Rig.UntilAsync(() => (updates = session.GetUpdates(updates)).Torrents.Count == 0);

        two.AddPeer(new IPEndPoint(IPAddress.Loopback, 1));
        await Rig.UntilAsync(() => (updates = session.GetUpdates(updates)).Torrents.Count > 0);
        Assert.Equal(two, Assert.Single(updates.Torrents).Torrent);
    }

    [Fact]
    public async Task A_stop_is_seen_by_the_look_that_follows_it_and_by_no_other()
    {
        _one.WriteTo(_rig.Folder["seed"]);
        Session session = await _rig.StartAsync("seed");
        Torrent one = await SeedAsync(session, _one);
        await Rig.WithinAsync(one.Checked);
        SessionUpdates updates = session.GetUpdates();
        await Rig.UntilAsync(() => (updates = session.GetUpdates(updates)).Torrents.Count == 0);

        await one.StopAsync(TestContext.Current.CancellationToken);
        updates = session.GetUpdates(updates);
        Assert.Equal(TorrentState.Stopped, Assert.Single(updates.Torrents).Status.State);
        await Rig.UntilAsync(() => (updates = session.GetUpdates(updates)).Torrents.Count == 0);
    }

    [Fact]
    public async Task A_torrent_at_rest_still_serves_who_comes()
    {
        _one.WriteTo(_rig.Folder["seed"]);
        Session seed = await _rig.StartAsync("seed");
        await Rig.WithinAsync((await SeedAsync(seed, _one)).Checked);
        SessionUpdates updates = seed.GetUpdates();
        await Rig.UntilAsync(() => (updates = seed.GetUpdates(updates)).Torrents.Count == 0);

        Session leech = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(leech, _one, null, seed.ListenEndPoints[0]);
        await Rig.WithinAsync(torrent.Completion);
        _one.AssertIn(_rig.Folder["leech"]);
        Assert.NotEmpty(seed.GetUpdates(updates).Torrents);
    }

    [Fact]
    public async Task A_seed_that_sent_nothing_leaves_its_resume_file_as_it_is()
    {
        _one.WriteTo(_rig.Folder["seed"]);
        await RunOnceAsync();
        string file = Assert.Single(Directory.GetFiles(_rig.Folder.Root, "*.resume", SearchOption.AllDirectories));
        DateTime past = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, past);

        await RunOnceAsync();
        Assert.Equal(past, File.GetLastWriteTimeUtc(file));
    }

    private Task<Torrent> SeedAsync(Session session, TestContent content) =>
        _rig.AddAsync(session, content, options => options with { Directory = _rig.Folder["seed"] });

    private async Task RunOnceAsync()
    {
        Session session = await _rig.StartAsync("seed");
        await Rig.WithinAsync((await SeedAsync(session, _one)).Checked);
        await session.DisposeAsync();
    }
}
