using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.Streaming;

/// <summary>Content that is read while it arrives.</summary>
public sealed class TorrentStreamTests : IAsyncLifetime
{
    private const int PieceLength = 32 * 1024;
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("album", PieceLength, ("a", 100_000), ("film", 3_000_000), ("z", 50_000));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_file_can_be_read_from_its_beginning_before_anything_has_come()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(_content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, Cancelled);
        await using Stream stream = torrent.OpenRead(1);
        Task<byte[]> reading = ReadToEndAsync(stream);
        torrent.AddPeer(await _rig.SeedAsync(_content));
        Assert.Equal(BytesOf(1, 0, 3_000_000), await Rig.WithinAsync(reading));
        Assert.Equal(3_000_000, stream.Length);
        Assert.Equal(3_000_000, stream.Position);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancelled));
    }

    [Fact]
    public async Task A_reader_can_seek_and_reads_across_pieces_and_ends_at_the_end_of_its_file()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, null, await _rig.SeedAsync(_content));
        await using Stream stream = torrent.OpenRead(1);
        foreach (int offset in new[] { 2_999_000, 0, 1_234_567, 32_000, 2_000_000 })
        {
            Assert.Equal(offset, stream.Seek(offset, SeekOrigin.Begin));
            var buffer = new byte[70_000];
            int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, Cancelled);
            Assert.Equal(Math.Min(70_000, 3_000_000 - offset), read);
            Assert.Equal(BytesOf(1, offset, read), buffer[..read]);
        }

        Assert.Equal(2_999_990, stream.Seek(-10, SeekOrigin.End));
        Assert.Equal(10, stream.Read(new byte[100], 0, 100));
        Assert.Equal(2_999_995, stream.Seek(-5, SeekOrigin.Current));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Position = -1);
        stream.Position = 4_000_000;
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancelled));
        Assert.False(stream.CanWrite);
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
    }

    [Fact]
    public async Task What_a_reader_waits_for_is_asked_for_before_all_else_and_then_what_follows_it()
    {
        // The first requests are picked without hurry; the peer answers none before the reader has come.
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, null, listener.EndPoint);
        using RawPeer peer = await listener.AcceptAsync();
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(_content, peer, 1);
        var held = new List<BlockRequest>();
        for (int i = 0; i < 4; i++)
            held.Add((await peer.ReadAsync(PeerMessageType.Request)).Request);

        await using Stream stream = torrent.OpenRead(1);
        stream.Position = 2_500_000;
        int wanted = (100_000 + 2_500_000) / PieceLength;
        var buffer = new byte[1000];
        Task reading = stream.ReadExactlyAsync(buffer, Cancelled).AsTask();
        await Rig.UntilAsync(() => torrent.Inspect(swarm => swarm.IsHurried));
        foreach (BlockRequest request in held)
            await peer.SendBlockAsync(request, seed.BlockOf(request));

        var next = new List<int>();
        while (next.Count < 6)
        {
            BlockRequest request = (await peer.ReadAsync(PeerMessageType.Request)).Request;
            await peer.SendBlockAsync(request, seed.BlockOf(request));
            if (!next.Contains(request.Piece) && !held.Exists(earlier => earlier.Piece == request.Piece))
                next.Add(request.Piece);
        }

        await Rig.WithinAsync(reading);
        Assert.Equal(BytesOf(1, 2_500_000, 1000), buffer);
        Assert.Equal(Enumerable.Range(wanted, 20).Where(piece => !held.Exists(earlier => earlier.Piece == piece)).Take(6), next);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("remove")]
    [InlineData("close")]
    public async Task A_read_that_waits_fails_when_the_torrent_ends(string how)
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        await using Stream stream = torrent.OpenRead(1);
        Task<int> reading = stream.ReadAsync(new byte[1], Cancelled).AsTask();
        await Rig.UntilAsync(() => torrent.Inspect(swarm => swarm.IsHurried));
        Assert.False(reading.IsCompleted);
        await (how switch
        {
            "stop" => torrent.StopAsync(Cancelled),
            "remove" => session.RemoveAsync(torrent, Cancelled),
            _ => session.DisposeAsync().AsTask(),
        });
        await Assert.ThrowsAnyAsync<IOException>(() => Rig.WithinAsync(reading));
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadAsync(new byte[1], Cancelled).AsTask());
    }

    [Fact]
    public async Task A_read_can_be_given_up_and_taken_up_again()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        await using Stream stream = torrent.OpenRead(2);
        using var impatience = new CancellationTokenSource();
        Task<int> reading = stream.ReadAsync(new byte[1], impatience.Token).AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        torrent.AddPeer(await _rig.SeedAsync(_content));
        Assert.Equal(BytesOf(2, 0, 50_000), await Rig.WithinAsync(ReadToEndAsync(stream)));
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1], Cancelled).AsTask());
    }

    [Fact]
    public async Task What_nobody_wants_cannot_be_waited_for()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(
            _content.Metainfo,
            new TorrentOptions { Directory = _rig.Folder["leech"], Priority = file => file.Index == 1 ? FilePriority.Skip : FilePriority.Normal },
            Cancelled);
        await using Stream stream = torrent.OpenRead(1);
        stream.Position = 1_000_000;
        var failure = await Assert.ThrowsAsync<IOException>(() => Rig.WithinAsync(stream.ReadAsync(new byte[1], Cancelled).AsTask()));
        Assert.Contains("not wanted", failure.Message, StringComparison.Ordinal);

        // Wanted at first and then no longer is the same.
        await torrent.SetPriorityAsync(1, FilePriority.Normal, Cancelled);
        Task<int> reading = stream.ReadAsync(new byte[1], Cancelled).AsTask();
        await Rig.UntilAsync(() => torrent.Inspect(swarm => swarm.IsHurried));
        await torrent.SetPriorityAsync(1, FilePriority.Skip, Cancelled);
        await Assert.ThrowsAsync<IOException>(() => Rig.WithinAsync(reading));
    }

    [Fact]
    public async Task A_reader_that_comes_during_the_check_gets_what_the_check_finds()
    {
        _content.WriteTo(_rig.Folder["leech"]);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(_content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, Cancelled);
        await using Stream stream = torrent.OpenRead(0);
        Assert.Equal(BytesOf(0, 0, 100_000), await Rig.WithinAsync(ReadToEndAsync(stream)));
    }

    [Fact]
    public async Task A_file_cut_under_the_reader_is_an_error_and_not_an_early_end()
    {
        _content.WriteTo(_rig.Folder["leech"]);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        Rig.Cut(TestContent.PathIn(_rig.Folder["leech"], _content.Metainfo.Files[0]), 50_000);
        await using Stream stream = torrent.OpenRead(0);
        await Assert.ThrowsAnyAsync<IOException>(() => Rig.WithinAsync(ReadToEndAsync(stream)));
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        var memory = new MemoryStream();
        await stream.CopyToAsync(memory, 10_007, Cancelled);
        return memory.ToArray();
    }

    private byte[] BytesOf(int file, int offset, int count) =>
        _content.Bytes.AsSpan((int)_content.Metainfo.Files[file].Offset + offset, count).ToArray();
}
