using System.Security.Cryptography;
using System.Text;
using CsCheck;
using OurTorrent.Bencoding;
using OurTorrent.Creation;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Tests.Creation;

public sealed class TorrentCreatorTests
{
    private static readonly TorrentCreateOptions Plain = new() { WithCreationDate = false, CreatedBy = null };

    [Theory]
    [InlineData("alice.txt", "alice.torrent")]
    [InlineData("folder", "folder.torrent")]
    [InlineData("numbers", "numbers.torrent")]
    [InlineData("lots-of-numbers", "lots-of-numbers.torrent")]
    public async Task The_content_of_a_torrent_of_others_gives_its_info_hash(string content, string torrent)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "content");
        TorrentMetainfo theirs = TorrentMetainfo.Parse(
            await File.ReadAllBytesAsync(Path.Combine(folder, torrent), TestContext.Current.CancellationToken));

        CreatedTorrent ours = await CreateAsync(Path.Combine(folder, content), new() { PieceLength = theirs.PieceLength });

        Assert.Equal(theirs.InfoHashes, ours.Metainfo.InfoHashes);
    }

    // The info-hashes are those that libtorrent 2.0.8 gives the same content.
    [Theory]
    [InlineData("small.bin", 16384, TorrentVersion.V1, "6d2cce5a8abb9578f2d184722e64f7f55ec31d36")]
    [InlineData("small.bin", 16384, TorrentVersion.V2, "dafbe573b05e02cdb1d14735b7cbdcb7ad2d6e9de2462f55cdfb229e028f2bfa")]
    [InlineData("small.bin", 16384, TorrentVersion.Hybrid, "e8f8fd1ba9928cfdaedbd539d05038477a5a8722")]
    [InlineData("small.bin", 65536, TorrentVersion.V1, "02d9b6463e957eb711866b48c0a348f77d23d1cd")]
    [InlineData("small.bin", 65536, TorrentVersion.V2, "c1b3f311868353deda08c3455fc6677377eb045e4013f0b082a24dee075606ed")]
    [InlineData("small.bin", 65536, TorrentVersion.Hybrid, "06558214d772fec00718075bf7e5f6804be5a2db")]
    [InlineData("single.bin", 16384, TorrentVersion.V2, "c5191da0bf383c12060da159324df94a5590f165b7acd899615f0d42ac291074")]
    [InlineData("single.bin", 16384, TorrentVersion.Hybrid, "72a4a1695fe8998676dc53b6ebd7dbc6ab064b0d")]
    [InlineData("single.bin", 65536, TorrentVersion.V2, "8b70862c1c14b323e0af90533c4a84411b19e00623f7b22d8839b2598b82df8e")]
    [InlineData("single.bin", 65536, TorrentVersion.Hybrid, "e75ca811522866c349bee292c945a97bde919d5f")]
    [InlineData("", 16384, TorrentVersion.V2, "344b94a0eed431c2739632a6c41b8b81f925ad1b124cb3e5a266f9ba512b64c1")]
    [InlineData("", 16384, TorrentVersion.Hybrid, "6276606bf72d8275e1ffec006ff1e74117df4d1c")]
    [InlineData("", 65536, TorrentVersion.V2, "2b51d2ae1985a5ee64029ad6461c695ac932bb1ae6238ceb0f0f4f9bbe1950d8")]
    [InlineData("", 65536, TorrentVersion.Hybrid, "c8f2d67be3dcf6a7afa5a436ddd1db1bae9a8e16")]
    public async Task Each_format_gives_the_info_hash_that_another_program_gives(
        string file, int pieceLength, TorrentVersion version, string infoHash)
    {
        using ContentFolder folder = new();
        switch (file)
        {
            case "small.bin":
                folder.Add(file, 40_000, 1);
                break;
            case "single.bin":
                folder.Add(file, 70_000, 1);
                break;
            default:
                folder.Add("a", 40_000, 0).Add("a.txt", 10, 1).Add("a dir/z", 5, 2).Add("b-empty", 0).Add("c", 20_000, 4)
                    .Add("sub/deep/er", 16_384, 5).Add("sub/x", 32_768, 6).Add("sub/y", 100_000, 7).Add("zz", 0);
                break;
        }

        CreatedTorrent torrent = await CreateAsync(folder.At(file), new() { Version = version, PieceLength = pieceLength, Workers = 3 });

        Assert.Equal(version, torrent.Metainfo.Version);
        InfoHashes hashes = torrent.Metainfo.InfoHashes;
        Assert.Equal(infoHash, version == TorrentVersion.V2 ? hashes.V2.ToString() : hashes.V1.ToString());
        Assert.True(version == TorrentVersion.V1 || torrent.Metainfo.HasPieceLayers);
    }

    [Fact]
    public void Pieces_are_hashed_alike_whatever_the_files_and_the_number_of_workers()
    {
        Gen.Select(Gen.Int[0, 70_000].Array[1, 6], Gen.Int[1, 4]).Where((lengths, _) => lengths.Sum() > 0).Sample(
            (lengths, workers) =>
            {
                using ContentFolder folder = new();
                List<byte> all = [];
                for (int i = 0; i < lengths.Length; i++)
                {
                    folder.Add($"{i}", lengths[i], i);
                    all.AddRange(ContentFolder.Bytes(lengths[i], i));
                }

                TorrentCreateOptions options = new() { PieceLength = 16_384, Workers = workers };
                TorrentMetainfo torrent = CreateAsync(folder.Path, options).GetAwaiter().GetResult().Metainfo;
                byte[][] pieces = [.. all.Chunk(16_384)];
                return torrent.PieceCount == pieces.Length
                    && pieces.Index().All(piece => torrent.PieceHashV1(piece.Index).SequenceEqual(SHA1.HashData(piece.Item)));
            },
            iter: 30);
    }

    [Fact]
    public async Task Content_of_several_runs_and_buffers_is_hashed_whole()
    {
        using ContentFolder folder = new();
        folder.Add("a", 20_000_001, 3).Add("b", 5_000_000, 4);
        byte[] all = [.. ContentFolder.Bytes(20_000_001, 3), .. ContentFolder.Bytes(5_000_000, 4)];

        CreatedTorrent torrent = await CreateAsync(folder.Path, new() { PieceLength = 1 << 20, Workers = 4 });

        Assert.Equal(24, torrent.Metainfo.PieceCount);
        for (int piece = 0; piece < 24; piece++)
        {
            byte[] expected = SHA1.HashData(all.AsSpan(piece << 20, Math.Min(1 << 20, all.Length - (piece << 20))));
            Assert.Equal(expected, torrent.Metainfo.PieceHashV1(piece));
        }
    }

    [Fact]
    public async Task All_files_are_taken_in_the_order_of_their_names_bytes()
    {
        using ContentFolder folder = new();
        folder.Add("b", 1).Add("a.txt", 1).Add("a/z", 1).Add(".hidden", 1).Add("empty", 0).Add("\u00e9", 1).Add("\U0001F600", 1)
            .Add("\uFF5E", 1).Add("C", 1).Add(".config/x", 1);

        CreatedTorrent torrent = await CreateAsync(folder.Path, new());

        Assert.Equal(
            ["d/.config/x", "d/.hidden", "d/C", "d/a/z", "d/a.txt", "d/b", "d/empty", "d/\u00e9", "d/\uFF5E", "d/\U0001F600"],
            torrent.Metainfo.Files.Select(file => file.DisplayPath));
    }

    [Fact]
    public async Task Everything_asked_for_is_in_the_torrent()
    {
        using ContentFolder folder = new();
        folder.Add("file", 5);
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));
        TorrentCreateOptions options = new()
        {
            Trackers = [["udp://a.example:1", "http://b.example/announce"], [], ["https://c.example/announce"]],
            WebSeeds = ["http://web.example/file"],
            IsPrivate = true,
            PieceLength = 32_768,
            Name = "other name",
            Comment = "for you",
            Source = "SITE",
            CreatedBy = "me",
            TimeProvider = time,
        };

        CreatedTorrent torrent = await TorrentCreator.CreateAsync(folder.At("file"), options, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            "d8:announce17:udp://a.example:1"
            + "13:announce-listll17:udp://a.example:125:http://b.example/announcee"
            + "l26:https://c.example/announceee7:comment7:for you10:created by2:me13:creation datei1770091506e"
            + "4:infod6:lengthi5e4:name10:other name12:piece lengthi32768e"
            + "6:pieces20:" + Encoding.Latin1.GetString(SHA1.HashData(ContentFolder.Bytes(5, 0)))
            + "7:privatei1e6:source4:SITEe8:url-listl23:http://web.example/fileee",
            Encoding.Latin1.GetString(torrent.Bytes.Span));
        Assert.Equal("other name", torrent.Metainfo.Name);
        Assert.True(torrent.Metainfo.IsPrivate);
    }

    [Fact]
    public async Task What_was_not_asked_for_is_left_out()
    {
        using ContentFolder folder = new();
        folder.Add("file", 5);

        CreatedTorrent torrent = await CreateAsync(folder.At("file"), new() { Trackers = [["udp://a.example:1"]] });

        BencodeValue value = BencodeValue.Parse(torrent.Bytes.Span);
        Assert.Equal(["announce", "info"], Assert.IsType<BencodeDictionary>(value).Keys);
        Assert.Equal(["length", "name", "piece length", "pieces"], Assert.IsType<BencodeDictionary>(value["info"]).Keys);
    }

    [Fact]
    public async Task A_torrent_names_its_maker_and_date_unless_told_not_to()
    {
        using ContentFolder folder = new();
        folder.Add("file", 5);

        CreatedTorrent torrent = await TorrentCreator.CreateAsync(folder.Path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.StartsWith("OurTorrent/", torrent.Metainfo.CreatedBy, StringComparison.Ordinal);
        Assert.NotNull(torrent.Metainfo.CreationDate);
    }

    [Theory]
    [InlineData(0, 16_384)]
    [InlineData(1, 16_384)]
    [InlineData(2000L * 16_384, 16_384)]
    [InlineData((2000L * 16_384) + 1, 32_768)]
    [InlineData(2L << 30, 2 << 20)]
    [InlineData(5_665_497_088, 4 << 20)]
    [InlineData(1L << 50, 16 << 20)]
    public void The_piece_length_follows_the_size_of_the_content(long length, int pieceLength)
    {
        Assert.Equal(pieceLength, TorrentCreateOptions.ChoosePieceLength(length));
    }

    public static TheoryData<TorrentCreateOptions, string> Nonsense => new()
    {
        { new() { PieceLength = 0 }, "PieceLength" },
        { new() { PieceLength = 8192 }, "PieceLength" },
        { new() { PieceLength = 100_000 }, "PieceLength" },
        { new() { Name = "" }, "Name" },
        { new() { Name = ".." }, "Name" },
        { new() { Name = "a/b" }, "Name" },
        { new() { Workers = 0 }, "Workers" },
        { new() { Version = (TorrentVersion)9 }, "Version" },
        { new() { Trackers = [["udp://a.example:1", "tracker.example"]] }, "Trackers" },
        { new() { Trackers = [["file:///tmp/x"]] }, "Trackers" },
        { new() { WebSeeds = ["udp://a.example:1"] }, "WebSeeds" },
    };

    [Theory]
    [MemberData(nameof(Nonsense), DisableDiscoveryEnumeration = true)]
    public async Task An_option_that_makes_no_sense_is_named(TorrentCreateOptions options, string name)
    {
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(
            () => TorrentCreator.CreateAsync(Path.GetTempPath(), options, null, TestContext.Current.CancellationToken));

        Assert.StartsWith(name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_ends_with_everything_hashed()
    {
        using ContentFolder folder = new();
        folder.Add("a", 100_000).Add("b", 50_000);
        Reports reports = new();

        await TorrentCreator.CreateAsync(
            folder.Path, Plain with { Version = TorrentVersion.Hybrid }, reports, TestContext.Current.CancellationToken);

        Assert.Equal(new TorrentCreateProgress(150_000, 150_000), reports.Seen[^1]);
        Assert.All(reports.Seen, report => Assert.InRange(report.BytesHashed, 0, 150_000));
    }

    [Fact]
    public async Task A_cancelled_creation_ends()
    {
        using ContentFolder folder = new();
        folder.Add("a", 1_000_000);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TorrentCreator.CreateAsync(folder.Path, Plain, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_torrent_is_saved_in_place_of_what_was_there()
    {
        using ContentFolder folder = new();
        folder.Add("file", 5);
        CreatedTorrent torrent = await CreateAsync(folder.Path, new());
        string path = folder.Outside("d.torrent");
        await File.WriteAllTextAsync(path, "old", TestContext.Current.CancellationToken);

        await torrent.SaveAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(torrent.Bytes, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(["d.torrent"], Directory.GetFiles(folder.Outside("")).Select(Path.GetFileName));
    }

    private static Task<CreatedTorrent> CreateAsync(string path, TorrentCreateOptions options) => TorrentCreator.CreateAsync(
        path, options with { WithCreationDate = false, CreatedBy = null }, null, TestContext.Current.CancellationToken);

    // Progress<T> would report on the thread pool, in any order.
    private sealed class Reports : IProgress<TorrentCreateProgress>
    {
        public List<TorrentCreateProgress> Seen { get; } = [];

        public void Report(TorrentCreateProgress value) => Seen.Add(value);
    }
}
