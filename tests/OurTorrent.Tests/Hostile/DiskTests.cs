using System.Net;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;
using OurTorrent.Tests.Storage;
using TestContent = OurTorrent.Tests.EndToEnd.TestContent;

namespace OurTorrent.Tests.Hostile;

/// <summary>Disks that are full, gone, or never were.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("file.bin", 32 * 1024, ("", 450_000));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_full_disk_stops_the_torrent_says_how_much_is_missing_and_after_room_is_made_it_goes_on()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        var storage = new MemoryStorage(_content.Metainfo);
        int room = 5;
        storage.Before = operation =>
        {
            if (operation == "write" && Interlocked.Decrement(ref room) < 0)
                throw new IOException("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
        };
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { Storage = storage }, seeder);
        var failure = await Assert.ThrowsAsync<TorrentException>(() => Rig.WithinAsync(torrent.Completion));
        Assert.Equal(TorrentErrorKind.DiskFull, failure.Kind);
        TorrentStatus failed = torrent.Status;
        Assert.Equal(TorrentState.Failed, failed.State);
        Assert.Same(failure, failed.Error);
        Assert.False(failed.IsComplete);
        Assert.Contains($"{StorageSize.Format(450_000 - failed.BytesCompleted)} are still missing", failure.Message, StringComparison.Ordinal);

        // Still full: it fails again, and says so again.
        await torrent.StartAsync(Cancelled);
        var second = await Assert.ThrowsAsync<TorrentException>(() => Rig.WithinAsync(torrent.Completion));
        Assert.NotSame(failure, second);
        Assert.False(storage.IsDisposed);

        storage.Before = null;
        await torrent.StartAsync(Cancelled);
        await Rig.WithinAsync(torrent.Completion);
        Assert.Equal(_content.Bytes, storage.Files[0]);
        Assert.Null(torrent.Status.Error);
        Assert.Equal(0, session.GetStatistics().BufferedBytes);
        await session.RemoveAsync(torrent, Cancelled);
        Assert.True(storage.IsDisposed);
    }

    [Fact]
    public async Task A_real_full_disk_does_the_same()
    {
        const string FullDevice = "/dev/full";
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(FullDevice), "Only Linux has a disk that is always full.");

        // The file is there, as a link to the device that refuses every byte.
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        var storage = new DeviceStorage(_content.Metainfo, FullDevice);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { Storage = storage }, seeder);
        var failure = await Assert.ThrowsAsync<TorrentException>(() => Rig.WithinAsync(torrent.Completion));
        Assert.Equal(TorrentErrorKind.DiskFull, failure.Kind);
        Assert.Contains("439.5 KB are still missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_piece_that_cannot_be_written_is_fetched_again_and_counts_as_wasted()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        var storage = new MemoryStorage(_content.Metainfo);
        int writes = 0;
        storage.Before = operation =>
        {
            // Twice in a row each time, as what fails once is tried again at once.
            if (operation == "write" && Interlocked.Increment(ref writes) % 7 is 3 or 4)
                throw new IOException("I/O error");
        };
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { Storage = storage }, seeder);
        await Rig.WithinAsync(torrent.Completion);
        Assert.Equal(_content.Bytes, storage.Files[0]);
        Assert.InRange(torrent.Status.BytesWasted, 32 * 1024, 450_000);
        Assert.Equal(450_000 + torrent.Status.BytesWasted, torrent.Status.BytesDownloaded);
        Assert.NotEmpty(_rig.Log.With("could not be written and is fetched again: I/O error"));
    }

    [Fact]
    public async Task A_disk_that_has_gone_stops_the_torrent_after_a_few_pieces()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        var storage = new MemoryStorage(_content.Metainfo);
        storage.Before = operation =>
        {
            if (operation == "write")
                throw new IOException("I/O error");
        };
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { Storage = storage }, seeder);
        var failure = await Assert.ThrowsAsync<TorrentException>(() => Rig.WithinAsync(torrent.Completion));
        Assert.Equal(TorrentErrorKind.CannotWrite, failure.Kind);
        Assert.Equal(torrent.Status.BytesDownloaded, torrent.Status.BytesWasted);
        Assert.Equal(4, _rig.Log.With("is fetched again").Count);

        storage.Before = null;
        await torrent.StartAsync(Cancelled);
        await Rig.WithinAsync(torrent.Completion);
        Assert.Equal(_content.Bytes, storage.Files[0]);
    }

    [Fact]
    public async Task A_seeder_refuses_what_it_cannot_read_and_stops_when_it_can_read_nothing()
    {
        var storage = new MemoryStorage(_content.Metainfo) { Files = { [0] = _content.Bytes } };
        Session session = await _rig.StartAsync("seed");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { Storage = storage });
        await Rig.WithinAsync(torrent.Completion);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await peer.SendAsync(PeerMessageWriter.WriteInterested);
        await peer.ReadAsync(PeerMessageType.Unchoke);

        storage.Before = _ => throw new IOException("I/O error");
        for (int i = 0; i < 49; i++)
        {
            await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(i % 7, 0, 16384)));
            await peer.ReadAsync(PeerMessageType.Reject);
        }

        storage.Before = null;
        await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(1, 0, 16384)));
        await peer.ReadAsync(PeerMessageType.Piece);
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);

        storage.Before = _ => throw new IOException("I/O error");
        for (int i = 0; i < 50; i++)
            await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(2, 0, 16384)));
        await peer.ReadToEndAsync();
        Assert.Equal(TorrentErrorKind.CannotRead, torrent.Status.Error?.Kind);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_fails_the_torrent_and_names_it()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        string inTheWay = _rig.Folder["a file"];
        File.WriteAllText(inTheWay, "in the way");
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(
            _content.Metainfo, new TorrentOptions { Directory = Path.Combine(inTheWay, "inside"), Peers = [seeder] }, Cancelled);
        var failure = await Assert.ThrowsAsync<TorrentException>(() => Rig.WithinAsync(torrent.Completion));
        Assert.Contains("a file", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TorrentErrorKind.CannotWrite, failure.Kind);

        File.Delete(inTheWay);
        await torrent.StartAsync(Cancelled);
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(Path.Combine(inTheWay, "inside"));
    }

    [Fact]
    public async Task A_folder_removed_while_it_is_filled_is_never_reported_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Open files cannot be removed there.");
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, null, listener.EndPoint);
        using RawPeer peer = await listener.AcceptAsync();
        var removed = new TaskCompletionSource();
        int answered = 0;
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(_content, peer, 1, async (_, block) =>
        {
            if (++answered > 8)
                await Rig.WithinAsync(removed.Task);
            return block;
        });
        Task serving = seed.ServeAsync();
        await Rig.UntilAsync(() => torrent.Status.Pieces.Count > 0);
        Directory.Delete(_rig.Folder["leech"], recursive: true);
        removed.SetResult();
        var failure = await Assert.ThrowsAsync<TorrentException>(() => Rig.WithinAsync(torrent.Completion));
        Assert.Equal(TorrentErrorKind.CannotWrite, failure.Kind);
        Assert.Contains("file.bin", failure.Message, StringComparison.Ordinal);
        await Rig.WithinAsync(serving);

        await torrent.StartAsync(Cancelled);
        await Rig.WithinAsync(torrent.Checked);
        Assert.Equal(0, torrent.Status.BytesCompleted);
        torrent.AddPeer(await _rig.SeedAsync(_content));
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
    }

    [Fact]
    public async Task A_seeder_whose_content_is_cut_stops_and_says_which_file()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        Rig.Cut(Path.Combine(_rig.Folder["seed"], "file.bin"), 1000);
        torrent.AddPeer(seeder);
        Assert.Contains("file.bin: stopped:", await _rig.Log.WaitAsync("stopped: "), StringComparison.Ordinal);
        await Rig.UntilAsync(() => torrent.Status.PeersConnected == 0);
        Assert.Equal(0, torrent.Status.BytesCompleted);
    }

    [Fact]
    public async Task A_folder_with_an_impossible_name_is_the_callers_mistake_and_leaves_nothing_behind()
    {
        Session session = await _rig.StartAsync("leech");
        await Assert.ThrowsAnyAsync<ArgumentException>(() => session.AddAsync(_content.Metainfo, new TorrentOptions { Directory = "a\0b" }, Cancelled));
        Assert.Empty(session.Torrents);
        await _rig.AddAsync(session, _content);
    }
}
