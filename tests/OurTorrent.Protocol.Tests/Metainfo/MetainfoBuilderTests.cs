using System.Net;
using CsCheck;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Protocol.Tests.Metainfo;

public sealed class MetainfoBuilderTests
{
    private const int PieceLength = 32768;

    [Fact]
    public void A_single_file_is_written_as_every_client_reads_it()
    {
        TorrentMetainfo built = new MetainfoBuilder
        {
            Name = "a.txt",
            PieceLength = PieceLength,
            Files = [new MetainfoFile([], 5)],
            PieceHashes = new byte[20],
        }.Build();

        Assert.Equal(
            "d4:infod6:lengthi5e4:name5:a.txt12:piece lengthi32768e6:pieces20:"u8.ToArray(), built.ToBytes()[..^22]);
        Assert.True(built.IsSingleFile);
        Assert.Equal("a.txt", built.Files[0].DisplayPath);
    }

    [Fact]
    public void All_that_is_given_reads_back()
    {
        var builder = new MetainfoBuilder
        {
            Name = "folder",
            PieceLength = 100,
            Files =
            [
                new(["a", "x.sh"], 150) { Attributes = TorrentFileAttributes.Executable | TorrentFileAttributes.Hidden },
                new([".pad", "50"], 50) { Attributes = TorrentFileAttributes.Padding },
                new(["b"], 1),
                new(["link"], 0) { Attributes = TorrentFileAttributes.Symlink, SymlinkTarget = ["a", "x.sh"] },
            ],
            PieceHashes = Convert.FromHexString(string.Concat(Enumerable.Range(0, 60).Select(i => $"{i:x2}"))),
            IsPrivate = true,
            Source = "HOME",
            Trackers = [["udp://a:1", "http://b/"], ["udp://c:2"]],
            WebSeeds = ["http://w/"],
            Nodes = [new DnsEndPoint("node.example", 6881)],
            Comment = "Wörter",
            CreatedBy = "OurTorrent",
            CreationDate = DateTimeOffset.FromUnixTimeMilliseconds(1728557557999),
        };

        TorrentMetainfo built = builder.Build();

        Assert.Equal("folder/a/x.sh", built.Files[0].DisplayPath);
        Assert.Equal(TorrentFileAttributes.Executable | TorrentFileAttributes.Hidden, built.Files[0].Attributes);
        Assert.True(built.Files[1].IsPadding);
        Assert.Equal((2, 3), (built.Files[2].FirstPiece, built.Files[2].EndPiece));
        Assert.Equal(["folder", "a", "x.sh"], built.Files[3].SymlinkTarget!);
        Assert.Equal(151, built.TotalSize);
        Assert.Equal(40, built.PieceHashV1(2)[0]);
        Assert.Equal(("HOME", true, "Wörter", "OurTorrent"), (built.Source, built.IsPrivate, built.Comment, built.CreatedBy));
        Assert.Equal(builder.Trackers, built.Trackers);
        Assert.Equal(1728557557, built.CreationDate?.ToUnixTimeSeconds());
        Same.Assert(built, TorrentMetainfo.Parse(built.ToBytes()));
    }

    [Fact]
    public void Other_trackers_leave_all_else_as_it_is()
    {
        var builder = new MetainfoBuilder
        {
            Name = "a.txt",
            PieceLength = PieceLength,
            Files = [new MetainfoFile([], 5)],
            PieceHashes = new byte[20],
            Trackers = [["udp://a:1"]],
            Comment = "a comment",
        };
        TorrentMetainfo built = builder.Build();

        TorrentMetainfo moved = built.WithTrackers([["http://b:2/announce", "udp://c:3"], [], ["udp://c:3", "udp://d:4"]]);

        Assert.Equal([["http://b:2/announce", "udp://c:3"], ["udp://d:4"]], moved.Trackers);
        Assert.Equal((built.InfoHashes, "a comment"), (moved.InfoHashes, moved.Comment));
        Same.Assert(moved, TorrentMetainfo.Parse(moved.ToBytes()));
        Same.Assert(built, moved.WithTrackers(builder.Trackers));
    }

    [Theory]
    [InlineData(TorrentVersion.V2)]
    [InlineData(TorrentVersion.Hybrid)]
    public void Files_of_every_size_have_right_trees(TorrentVersion version)
    {
        Gen.Select(Gen.Int[0, 7 * PieceLength].Array[1, 5], Gen.Int[0, int.MaxValue]).Sample(
            (lengths, seed) =>
            {
                TorrentMetainfo built = Build(version, lengths, new Random(seed), out Dictionary<string, byte[]> contents);

                Assert.Equal(version, built.Version);
                Assert.True(built.HasPieceLayers);
                Assert.Equal(lengths.Sum(length => (long)length), built.TotalSize);
                foreach (TorrentFile file in built.Files.Where(file => !file.IsPadding))
                {
                    byte[] content = contents[file.Path[^1]];
                    for (int piece = file.FirstPiece; piece < file.EndPiece; piece++)
                    {
                        byte[] part = [.. content.Skip((piece - file.FirstPiece) * PieceLength).Take(PieceLength)];
                        Assert.Equal(part.Length, built.PieceLengthV2(piece));
                        Assert.Equal(content.Length > PieceLength ? 2 : part.Length > 16384 ? 2 : 1, built.PieceLeavesV2(piece));
                        byte[] expected = content.Length > PieceLength ? ContentHashes.Layer(part, PieceLength) : ContentHashes.PiecesRoot(part);
                        Assert.Equal(expected, built.PieceHashV2(piece).ToArray());
                        if (version == TorrentVersion.V2)
                            Assert.Equal(part.Length, built.PieceLengthOf(piece));
                    }
                }

                Same.Assert(built, TorrentMetainfo.Parse(built.ToBytes()));
            },
            iter: 40);
    }

    [Fact]
    public void The_file_tree_is_in_the_order_of_its_keys()
    {
        string[][] paths = [["b"], ["a", "z"], ["a.txt"], ["a", "b", "c"], ["a", "b.txt"], ["Z"], ["é"]];
        MetainfoFile[] files = [.. paths.Select(path => new MetainfoFile(path, 1) { PiecesRoot = new byte[32] })];

        TorrentMetainfo built = new MetainfoBuilder
        {
            Version = TorrentVersion.V2,
            Name = "t",
            PieceLength = PieceLength,
            Files = MetainfoBuilder.Arrange(files, TorrentVersion.V2, PieceLength),
        }.Build();

        Assert.Equal(
            ["t/Z", "t/a/b/c", "t/a/b.txt", "t/a/z", "t/a.txt", "t/b", "t/é"], built.Files.Select(file => file.DisplayPath));
        Same.Assert(built, TorrentMetainfo.Parse(built.ToBytes()));
    }

    [Fact]
    public void A_hybrid_single_file_needs_no_list()
    {
        byte[] content = new byte[70000];
        TorrentMetainfo built = new MetainfoBuilder
        {
            Version = TorrentVersion.Hybrid,
            Name = "one.bin",
            PieceLength = PieceLength,
            Files = [ContentHashes.WithHashes(new MetainfoFile([], content.Length), content, PieceLength)],
            PieceHashes = ContentHashes.Pieces(content, PieceLength),
        }.Build();

        Assert.True(built.IsSingleFile);
        Assert.Equal((TorrentVersion.Hybrid, 3), (built.Version, built.PieceCount));
        Assert.Equal("one.bin", built.Files[0].DisplayPath);
    }

    [Fact]
    public void What_makes_no_torrent_is_refused_with_the_reason()
    {
        var wrong = new MetainfoBuilder { Name = "x", PieceLength = 10, Files = [new([], 25)], PieceHashes = new byte[40] };

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(wrong.Build);

        Assert.Equal("The content is 25 bytes, so 3 pieces of 10; there are hashes for 2.", thrown.Message);
    }

    [Fact]
    public void Piece_layers_from_peers_complete_a_torrent_without_them()
    {
        TorrentMetainfo built = Build(TorrentVersion.V2, [100000, 5, 200000, 70000], new Random(1), out _);
        TorrentMetainfo alone = TorrentMetainfo.ParseInfo(built.RawInfo.Span);
        ReadOnlyMemory<byte>[] layers = [.. built.Files.Select(built.PieceLayerOf)];

        Assert.False(alone.HasPieceLayers);
        Assert.True(alone.PieceHashV2(0).IsEmpty);
        Assert.Throws<InvalidOperationException>(alone.ToBytes);
        Assert.False(alone.TryWithPieceLayers(layers[1..], out _, out MetainfoError? missing));
        Assert.Equal(MetainfoErrorReason.PieceLayers, missing.Reason);
        Assert.True(alone.TryWithPieceLayers(layers.Reverse(), out TorrentMetainfo? complete, out _));
        Same.Assert(built, complete);
    }

    internal static TorrentMetainfo Build(TorrentVersion version, int[] lengths, Random random, out Dictionary<string, byte[]> contents)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (int length in lengths)
        {
            byte[] content = new byte[length];
            random.NextBytes(content);
            found.Add($"file{found.Count}", content);
        }

        IReadOnlyList<MetainfoFile> files = MetainfoBuilder.Arrange(
            found.Select(pair => ContentHashes.WithHashes(new MetainfoFile(["d", pair.Key], pair.Value.Length), pair.Value, PieceLength)),
            version,
            PieceLength);
        contents = found;
        return new MetainfoBuilder
        {
            Version = version,
            Name = "t",
            PieceLength = PieceLength,
            Files = files,
            PieceHashes = version == TorrentVersion.V2
                ? default(ReadOnlyMemory<byte>)
                : ContentHashes.Pieces(
                    [.. files.SelectMany(file => file.Attributes == TorrentFileAttributes.Padding ? new byte[file.Length] : found[file.Path[^1]])], PieceLength),
        }.Build();
    }
}
