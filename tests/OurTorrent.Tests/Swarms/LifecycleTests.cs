using System.Net;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.Swarms;

/// <summary>Torrents that are started, stopped, started again and removed, at any moment.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("file.bin", 32 * 1024, ("", 450_000));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_stopped_torrent_goes_on_from_where_it_was_with_the_same_peers()
    {
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, null, listener.EndPoint);
        using (RawPeer peer = await listener.AcceptAsync())
        {
            // It keeps back the second half, or all might have arrived before the torrent is stopped.
            int answers = _content.Bytes.Length / BlockRequest.BlockSize / 2;
            var keptBack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ScriptedSeed seed = await ScriptedSeed.OpenAsync(_content, peer, 1, async (_, block) =>
            {
                if (--answers < 0)
                    await keptBack.Task;
                return block;
            });
            Task serving = seed.ServeAsync();
            await Rig.UntilAsync(() => torrent.Status.Pieces.Count >= 1);
            await torrent.StopAsync(Cancelled);
            keptBack.SetResult();
            await Rig.WithinAsync(serving);
        }

        TorrentStatus stopped = torrent.Status;
        Assert.Equal(TorrentState.Stopped, stopped.State);
        Assert.Equal(0, session.GetStatistics().PeersConnected);
        Assert.Equal(0, session.GetStatistics().BufferedBytes);
        Assert.False(torrent.Completion.IsCompleted);

        await torrent.StartAsync(Cancelled);
        using RawPeer again = await listener.AcceptAsync();
        ScriptedSeed rest = await ScriptedSeed.OpenAsync(_content, again, 1);
        Task servingRest = rest.ServeAsync();
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
        TorrentStatus done = torrent.Status;
        Assert.True(done.BytesDownloaded >= _content.Bytes.Length);
        Assert.Equal(session.GetStatistics().BytesDownloaded, done.BytesDownloaded);
        Assert.True(rest.Asked.Select(request => request.Piece).Distinct().Count() <= 14 - stopped.Pieces.Count);
        await torrent.StopAsync(Cancelled);
        await Rig.WithinAsync(servingRest);
    }

    [Fact]
    public async Task Started_while_it_stops_it_starts_once_it_has()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        for (int i = 0; i < 20; i++)
        {
            Task stopping = torrent.StopAsync(Cancelled);
            Task starting = torrent.StartAsync(Cancelled);
            await Rig.WithinAsync(Task.WhenAll(stopping, starting));
            Assert.NotEqual(TorrentState.Stopped, torrent.Status.State);
        }

        await Rig.WithinAsync(torrent.Checked);
        await torrent.StopAsync(Cancelled);
        Task again = torrent.StartAsync(Cancelled);
        await torrent.StopAsync(Cancelled);
        await Rig.WithinAsync(again);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        Assert.Empty(_rig.Log.Errors);
    }

    [Fact]
    public async Task A_removed_torrent_can_be_added_again_and_its_old_self_says_why_it_ended()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        await Assert.ThrowsAsync<ArgumentException>(() => session.AddAsync(_content.Metainfo, cancellationToken: Cancelled));
        await session.RemoveAsync(torrent, Cancelled);
        var removed = await Assert.ThrowsAsync<TorrentException>(() => torrent.Completion);
        Assert.Equal(TorrentErrorKind.Stopped, removed.Kind);
        await Assert.ThrowsAsync<InvalidOperationException>(() => torrent.StartAsync(Cancelled));
        await torrent.StopAsync(Cancelled);
        Assert.Empty(session.Torrents);

        Torrent again = await _rig.AddAsync(session, _content);
        Assert.Equal(again, Assert.Single(session.Torrents));
    }

    [Fact]
    public async Task A_session_closed_while_torrents_check_and_transfer_ends_every_wait()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        for (int i = 0; i < 10; i++)
        {
            Session session = await _rig.StartAsync("leech" + i);
            Torrent torrent = await session.AddAsync(
                _content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech" + i], Peers = [seeder] }, Cancelled);
            Task<byte[]> reading = ReadAsync(torrent);
            if (i > 2)
                await Rig.UntilAsync(() => torrent.Status.State != TorrentState.Checking);
            if (i > 5)
                await Rig.UntilAsync(() => torrent.Status.Pieces.Count > 0);
            await Rig.WithinAsync(session.DisposeAsync().AsTask());
            Assert.True(torrent.Checked.IsCompleted);
            Assert.True(torrent.Completion.IsCompleted);
            await Rig.WithinAsync(Task.WhenAny(reading));
            if (reading.IsFaulted)
                Assert.IsAssignableFrom<IOException>(reading.Exception!.InnerException);
            Assert.Equal(TorrentState.Stopped, torrent.Status.State);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => session.AddAsync(_content.Metainfo, cancellationToken: Cancelled));
        }

        Assert.Empty(_rig.Log.Errors);
    }

    [Fact]
    public async Task A_stopped_check_says_so_and_the_next_one_is_whole()
    {
        Session session = await _rig.StartAsync("leech");
        TestContent large = TestContent.Create("large.bin", 16 * 1024, ("", 20_000_000));
        large.WriteTo(_rig.Folder["leech"]);
        Torrent torrent = await session.AddAsync(large.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, Cancelled);
        Task checking = torrent.Checked;
        Assert.Equal(large.Bytes.Length, torrent.Status.BytesWanted);
        Assert.False(torrent.Status.IsComplete && torrent.Status.State == TorrentState.Checking);
        await torrent.StopAsync(Cancelled);
        if (checking.IsFaulted)
            Assert.Equal(TorrentErrorKind.Stopped, (await Assert.ThrowsAsync<TorrentException>(() => checking)).Kind);
        await torrent.StartAsync(Cancelled);
        await Rig.WithinAsync(torrent.Checked);
        await Rig.WithinAsync(torrent.Completion);
        Assert.True(torrent.Status.Pieces.IsFull);
    }

    [Fact]
    public async Task A_torrent_without_a_byte_is_complete_and_its_files_are_made()
    {
        TestContent nothing = TestContent.Create("nothing", 16 * 1024, ("a/one", 0), ("two", 0));
        IPEndPoint seeder = await _rig.SeedAsync(nothing);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, nothing, null, seeder);
        await Rig.WithinAsync(torrent.Completion);
        nothing.AssertIn(_rig.Folder["leech"]);
        Assert.Equal(1, torrent.Status.Progress);
        await _rig.Log.WaitAsync("closed: ");
        Assert.Empty(_rig.Log.Errors);
    }

    [Fact]
    public async Task Watching_tells_each_state_and_ends_with_the_torrent()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(_content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, Cancelled);
        var seen = new List<TorrentState>();
        await foreach (TorrentStatus status in torrent.WatchAsync(TimeSpan.FromHours(1), Cancelled))
        {
            if (seen.Count == 0 || seen[^1] != status.State)
                seen.Add(status.State);
            if (status.State == TorrentState.Downloading)
                torrent.AddPeer(seeder);
            if (status.State == TorrentState.Seeding)
            {
                Assert.True(status.IsComplete);
                _ = session.RemoveAsync(torrent, Cancelled);
            }
        }

        Assert.Equal([TorrentState.Downloading, TorrentState.Seeding, TorrentState.Stopped], seen.Where(state => state != TorrentState.Checking));
    }

    [Fact]
    public async Task Events_come_in_order_and_a_handler_that_throws_harms_nobody()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        var pieces = new List<int>();
        var states = new List<TorrentState>();
        var seeding = new TaskCompletionSource();
        torrent.PieceCompleted += (_, piece) => pieces.Add(piece);
        torrent.PieceCompleted += (_, _) => throw new InvalidOperationException("A handler of the test's.");
        torrent.StateChanged += (_, state) =>
        {
            states.Add(state);
            if (state == TorrentState.Seeding)
                seeding.TrySetResult();
        };
        torrent.AddPeer(seeder);
        await Rig.WithinAsync(seeding.Task);
        Assert.Equal(Enumerable.Range(0, 14), pieces.Order());
        Assert.Equal(TorrentState.Seeding, states[^1]);
        Assert.Equal(14, _rig.Log.Errors.Count);
    }

    [Fact]
    public async Task A_seed_is_told_of_a_peer_that_has_become_complete()
    {
        _content.WriteTo(_rig.Folder["seed"]);
        Session seed = await _rig.StartAsync("seed");
        Torrent seeding = await _rig.AddAsync(seed, _content, options => options with { Directory = _rig.Folder["seed"], SeedOnly = true });
        var completed = new TaskCompletionSource<PeerStatus>();
        seeding.PeerCompleted += (_, peer) => completed.SetResult(peer);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(seed));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);

        await peer.SendAsync(PeerMessageWriter.WriteHaveNone);
        for (int piece = 0; piece < _content.Metainfo.PieceCount; piece++)
            await peer.SendAsync(writer => PeerMessageWriter.WriteHave(writer, piece));
        PeerStatus told = await Rig.WithinAsync(completed.Task);

        Assert.Equal((RawPeer.IdOf(1), 1), (told.PeerId, told.Progress));
    }

    [Fact]
    public async Task Only_seeding_offers_what_is_there_and_fetches_nothing()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        _content.WriteTo(_rig.Folder["leech"]);
        string path = TestContent.PathIn(_rig.Folder["leech"], _content.Metainfo.Files[0]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[40_000] ^= 1;
        File.WriteAllBytes(path, bytes);

        Session session = await _rig.StartAsync("half");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { SeedOnly = true }, seeder);
        TorrentStatus status = torrent.Status;
        Assert.Equal((TorrentState.Seeding, 13, false), (status.State, status.Pieces.Count, status.IsComplete));
        Assert.False(torrent.Completion.IsCompleted);
        await _rig.Log.WaitAsync("closed: BothComplete");
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        Received bitfield = await peer.ReadAsync(PeerMessageType.Bitfield);
        Assert.Equal([0b1011_1111, 0b1111_1100], bitfield.Body);
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    private static async Task<byte[]> ReadAsync(Torrent torrent)
    {
        await using Stream stream = torrent.OpenRead(0);
        var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Cancelled);
        return memory.ToArray();
    }
}
