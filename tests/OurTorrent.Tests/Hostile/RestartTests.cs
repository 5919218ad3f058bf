using System.Net;
using System.Security.Cryptography;
using System.Text;
using OurTorrent.Bencoding;
using OurTorrent.Engines;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Tests.EndToEnd;

namespace OurTorrent.Tests.Hostile;

/// <summary>What a later run believes of what an earlier one has left.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private const int PieceLength = 32 * 1024;
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("album", PieceLength, ("a", 5 * PieceLength), ("b", 200_000), ("c", 100_000));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string StateFolder => _rig.Folder["leech.state"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_download_stopped_in_the_middle_goes_on_without_hashing_what_is_unchanged()
    {
        int had = await DownloadSomeAsync(5);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        Assert.Equal(had, torrent.Status.Pieces.Count);
        Assert.Equal(0, torrent.Status.BytesHashed);

        torrent.AddPeer(await _rig.SeedAsync(_content));
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
        Assert.Equal(session.GetStatistics().BytesDownloaded, _content.Bytes.Length - (had * PieceLength));
    }

    [Fact]
    public async Task A_full_check_finds_what_no_stamp_betrays()
    {
        await DownloadAllAsync();
        string path = PathOf("a");
        DateTime written = File.GetLastWriteTimeUtc(path);
        Spoil(path, 0);
        File.SetLastWriteTimeUtc(path, written);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { CheckAgain = true });
        Assert.False(torrent.Status.Pieces[0]);
        Assert.Equal(_content.Metainfo.PieceCount - 1, torrent.Status.Pieces.Count);
        Assert.Equal(_content.Bytes.Length, torrent.Status.BytesDownloaded);
    }

    [Theory]
    [InlineData("altered")]
    [InlineData("truncated")]
    [InlineData("longer")]
    [InlineData("removed")]
    [InlineData("replaced by a folder")]
    public async Task A_file_that_was_changed_between_runs_is_noticed(string how)
    {
        await DownloadAllAsync();
        string path = PathOf("b");
        switch (how)
        {
            case "altered":
                Spoil(path, 100_000);
                break;
            case "truncated":
                Rig.Cut(path, 100_000);
                break;
            case "longer":
                Rig.Cut(path, 300_000);
                break;
            case "removed":
                File.Delete(path);
                break;
            default:
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
        }

        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await session.AddAsync(_content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, Cancelled);
        if (how == "replaced by a folder")
        {
            var failure = await Assert.ThrowsAsync<TorrentException>(async () =>
            {
                await Rig.WithinAsync(torrent.Checked);
                torrent.AddPeer(await _rig.SeedAsync(_content));
                await Rig.WithinAsync(torrent.Completion);
            });
            Assert.Contains("b", failure.Message, StringComparison.Ordinal);
            Assert.Equal(TorrentState.Failed, torrent.Status.State);
            return;
        }

        await Rig.WithinAsync(torrent.Checked);
        TorrentStatus status = torrent.Status;
        Assert.Equal(how == "longer", status.IsComplete);
        Assert.True(status.Pieces[0]);
        Assert.Equal(how == "longer", status.Pieces[(5 * PieceLength + 100_000) / PieceLength]);
        if (how != "longer")
            Assert.True(status.Pieces.Count < _content.Metainfo.PieceCount);
        torrent.AddPeer(await _rig.SeedAsync(_content));
        await Rig.WithinAsync(torrent.Completion);
        if (how != "longer")
            _content.AssertIn(_rig.Folder["leech"]);
    }

    [Theory]
    [InlineData("garbage", "it is damaged")]
    [InlineData("empty", "it is damaged")]
    [InlineData("cut", "it is damaged")]
    [InlineData("flipped", "it is damaged")]
    [InlineData("newer", "a later version")]
    [InlineData("foreign", "another torrent")]
    public async Task A_resume_file_that_cannot_be_believed_is_said_to_be_so_and_the_content_is_hashed(string how, string reason)
    {
        await DownloadAllAsync();
        string path = Assert.Single(Directory.GetFiles(StateFolder, "*.resume"));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, how switch
        {
            "garbage" => Encoding.ASCII.GetBytes("not a resume file"),
            "empty" => [],
            "cut" => bytes[..^20],
            "flipped" => [.. bytes[..50], (byte)(bytes[50] ^ 1), .. bytes[51..]],
            "newer" => Seal(bytes, "version", 99),
            _ => await ForeignAsync(),
        });

        // What it said is not believed: a damage it knows nothing of is found.
        string damaged = PathOf("a");
        DateTime written = File.GetLastWriteTimeUtc(damaged);
        Spoil(damaged, 0);
        File.SetLastWriteTimeUtc(damaged, written);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        Assert.Contains(reason, Assert.Single(torrent.Status.Warnings), StringComparison.Ordinal);
        Assert.False(torrent.Status.Pieces[0]);
        Assert.Equal(_content.Metainfo.PieceCount - 1, torrent.Status.Pieces.Count);
    }

    [Fact]
    public async Task A_change_whose_time_was_set_back_is_noticed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell when a file was last changed.");
        await DownloadAllAsync();
        string path = PathOf("a");
        DateTime written = File.GetLastWriteTimeUtc(path);
        Spoil(path, 0);
        File.SetLastWriteTimeUtc(path, written);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        Assert.False(torrent.Status.Pieces[0]);
        Assert.Equal(_content.Metainfo.PieceCount - 1, torrent.Status.Pieces.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_is_killed_loses_no_piece_that_was_noted_and_reports_nothing_false(bool isSpoilt)
    {
        // An engine that is dropped without a word: what it has not written by then, it never will.
        using var listener = new RawListener();
        var options = new SessionOptions { Port = 0, BindAddress = IPAddress.Loopback, StateDirectory = StateFolder, LoggerFactory = _rig.Log };
        using (var engine = new Engine(options, EngineEnvironment.Create(options)))
        {
            await engine.StartAsync(Cancelled);
            Torrent torrent = await engine.Loop.InvokeAsync(() =>
            {
                FilePriority[] priorities = [.. _content.Metainfo.Files.Select(_ => FilePriority.Normal)];
                var added = new Torrent(engine, _content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"], Sequential = true, Peers = [listener.EndPoint] }, priorities);
                engine.Add(added.Swarm);
                return added;
            });
            using RawPeer peer = await listener.AcceptAsync();
            await ServeSomeAsync(peer, 6);
            await Rig.UntilAsync(() => torrent.Status.Pieces.Count == 6);
            await Rig.UntilAsync(() => Directory.GetFiles(StateFolder, "*.resume").Length == 1
                && Directory.GetFiles(StateFolder, "*.journal") is [var journal] && new FileInfo(journal).Length == 6 * 2 * sizeof(int));
        }

        // Before the next start somebody damages a piece, or nobody does anything.
        int spoilt = FirstWritten();
        if (isSpoilt)
            Spoil(PathOf("a"), spoilt * PieceLength);
        int left = isSpoilt ? 5 : 6;
        Session session = await _rig.StartAsync("leech");
        Torrent again = await _rig.AddAsync(session, _content);
        Assert.Equal(left, again.Status.Pieces.Count);
        Assert.Equal(!isSpoilt, again.Status.Pieces[spoilt]);
        if (!isSpoilt && OperatingSystem.IsLinux())
            Assert.Equal(0, again.Status.BytesHashed);
        again.AddPeer(await _rig.SeedAsync(_content));
        await Rig.WithinAsync(again.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
        Assert.Equal(_content.Bytes.Length - (left * PieceLength), session.GetStatistics().BytesDownloaded);
    }

    /// <summary>Downloads some pieces in order of the content, and closes the session in good order.</summary>
    private async Task<int> DownloadSomeAsync(int pieces)
    {
        using var listener = new RawListener();
        await using Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { Sequential = true }, listener.EndPoint);
        using RawPeer peer = await listener.AcceptAsync();
        await ServeSomeAsync(peer, pieces);
        await Rig.UntilAsync(() => torrent.Status.Pieces.Count == pieces);
        return pieces;
    }

    private async Task ServeSomeAsync(RawPeer peer, int pieces)
    {
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(_content, peer, 1);
        var left = new Dictionary<int, int>();
        for (int whole = 0; whole < pieces;)
        {
            var request = (await peer.ReadAsync(Protocol.Peers.PeerMessageType.Request)).Request;
            await peer.SendBlockAsync(request, seed.BlockOf(request));
            left[request.Piece] = left.GetValueOrDefault(request.Piece, PieceLength) - request.Length;
            if (left[request.Piece] == 0)
                whole++;
        }
    }

    private async Task DownloadAllAsync()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        await using Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content, null, seeder);
        await Rig.WithinAsync(torrent.Completion);
    }

    /// <summary>The first piece of file "a" that is on disk.</summary>
    private int FirstWritten()
    {
        byte[] bytes = File.ReadAllBytes(PathOf("a"));
        return Enumerable.Range(0, 5).First(piece => bytes.AsSpan(piece * PieceLength, PieceLength).SequenceEqual(_content.Bytes.AsSpan(piece * PieceLength, PieceLength)));
    }

    /// <summary>The resume file of another torrent.</summary>
    private async Task<byte[]> ForeignAsync()
    {
        TestContent other = TestContent.Create("other", PieceLength, ("x", 10));
        await using (Session session = await _rig.StartAsync("other"))
            await _rig.AddAsync(session, other);
        return File.ReadAllBytes(Assert.Single(Directory.GetFiles(_rig.Folder["other.state"], "*.resume")));
    }

    private static byte[] Seal(byte[] file, string key, int value)
    {
        BencodeValue root = BencodeValue.Parse(file.AsSpan(..^SHA256.HashSizeInBytes));
        root[key] = value;
        byte[] bytes = root.ToBytes();
        return [.. bytes, .. SHA256.HashData(bytes)];
    }

    private static void Spoil(string path, int at)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private string PathOf(string name)
    {
        TorrentFile file = _content.Metainfo.Files.First(file => file.Path[^1] == name);
        return TestContent.PathIn(_rig.Folder["leech"], file);
    }
}
