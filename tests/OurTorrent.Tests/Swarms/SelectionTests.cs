using System.Net;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.Swarms;

/// <summary>Some files, and some order.</summary>
public sealed class SelectionTests : IAsyncLifetime
{
    private readonly Rig _rig = new();

    // Pieces 0 to 4; piece 1 holds the end of a and the beginning of b, piece 4 the end of b and all of c.
    private readonly TestContent _content = TestContent.Create("album", 32 * 1024, ("a", 40_000), ("b", 100_000), ("c", 5_000), ("empty", 0));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Files_nobody_wants_are_not_made_beyond_what_shared_pieces_need()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(
            session, _content, options => options with { Priority = file => file.DisplayPath.EndsWith('a') ? FilePriority.Normal : FilePriority.Skip }, seeder);
        await Rig.WithinAsync(torrent.Completion);
        TorrentStatus status = torrent.Status;
        Assert.Equal((40_000, 40_000, 2), (status.BytesWanted, status.BytesCompleted, status.Pieces.Count));
        Assert.True(status.IsComplete);
        Assert.Equal(TorrentState.Seeding, status.State);
        AssertFile("a");
        Assert.True(Exists("b"));
        Assert.False(Exists("c"));
        Assert.False(Exists("empty"));
    }

    [Fact]
    public async Task A_file_wanted_later_is_fetched_then_and_at_once()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(
            session, _content, options => options with { Priority = file => file.DisplayPath.EndsWith('a') ? FilePriority.High : FilePriority.Skip }, seeder);
        await Rig.WithinAsync(torrent.Completion);

        await torrent.SetPriorityAsync(2, FilePriority.Low, TestContext.Current.CancellationToken);
        await torrent.SetPriorityAsync(3, FilePriority.Normal, TestContext.Current.CancellationToken);
        await Rig.UntilAsync(() => torrent.Status.IsComplete && Exists("empty"));
        Assert.Equal(45_000, torrent.Status.BytesCompleted);
        Assert.Equal(3, torrent.Status.Pieces.Count);
        AssertFile("c");

        await torrent.SetPriorityAsync(1, FilePriority.Normal, TestContext.Current.CancellationToken);
        await Rig.UntilAsync(() => torrent.Status is { IsComplete: true, State: TorrentState.Seeding });
        _content.AssertIn(_rig.Folder["leech"]);
    }

    [Fact]
    public async Task A_torrent_of_which_nothing_is_wanted_any_more_is_complete()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        Assert.False(torrent.Completion.IsCompleted);
        for (int file = 0; file < 4; file++)
            await torrent.SetPriorityAsync(file, FilePriority.Skip, TestContext.Current.CancellationToken);
        await Rig.WithinAsync(torrent.Completion);
        Assert.Equal(0, torrent.Status.BytesWanted);
        Assert.Equal(1, torrent.Status.Progress);
    }

    [Fact]
    public async Task Pieces_come_in_their_order_when_that_is_wanted()
    {
        TestContent content = TestContent.Create("file.bin", 32 * 1024, ("", 1_000_000));
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, content, options => options with { Sequential = true }, listener.EndPoint);
        using RawPeer peer = await listener.AcceptAsync();
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(content, peer, 1);
        Task serving = seed.ServeAsync();
        await Rig.WithinAsync(torrent.Completion);
        await torrent.StopAsync(TestContext.Current.CancellationToken);
        await Rig.WithinAsync(serving);
        Assert.Equal(seed.Asked.OrderBy(request => request.Piece).ThenBy(request => request.Offset), seed.Asked);
        Assert.Equal(62, seed.Asked.Count);
    }

    private bool Exists(string file) => File.Exists(Path.Combine(_rig.Folder["leech"], "album", file));

    private void AssertFile(string name)
    {
        var file = _content.Metainfo.Files.First(file => file.Path[^1] == name);
        Assert.Equal(
            _content.Bytes.AsSpan((int)file.Offset, (int)file.Length).ToArray(),
            File.ReadAllBytes(TestContent.PathIn(_rig.Folder["leech"], file)));
    }
}
