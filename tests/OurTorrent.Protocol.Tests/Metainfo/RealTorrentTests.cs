using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Metainfo;

public sealed class RealTorrentTests
{
    [Theory]
    [InlineData("alice", "722fe65b2aa26d14f35b4ad627d20236e481d924", "alice.txt", 163783, 16384, 10, 1)]
    [InlineData("alice_in_wonderland_librivox_archive", "55e5f8c36e7cb3208b164f31d3e0b28b0e687d04", "alice_in_wonderland_librivox", 458775682, 524288, 876, 106)]
    [InlineData("archlinux-2025.05.01-x86_64.iso", "2e34989b1c60df821b2d046c884d8f4d1858b97a", "archlinux-2025.05.01-x86_64.iso", 1243643904, 524288, 2373, 1)]
    [InlineData("debian-10.8.0-amd64-netinst.iso", "4090c3c2a394a49974dfbbf2ce7ad0db3cdeddd7", "debian-10.8.0-amd64-netinst.iso", 352321536, 262144, 1344, 1)]
    [InlineData("folder", "b88da2caac6648e6c7d7687e3f89085f7e230e6b", "folder", 15, 16384, 1, 1)]
    [InlineData("leaves", "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36", "Leaves of Grass by Walt Whitman.epub", 362017, 16384, 23, 1)]
    [InlineData("lots-of-numbers", "114ead6243792ba56297edbb9a78dfba84d4fc00", "lots-of-numbers", 12, 16384, 1, 6)]
    [InlineData("numbers", "89d97c2261a21b040cf11caa661a3ba7233bb7e6", "numbers", 6, 16384, 1, 3)]
    [InlineData("puppy", "117e3a6665e8ff1b157e5ec37823578adb8a712b", "puppy.jpg", 124234, 16384, 8, 1)]
    [InlineData("sintel", "08ada5a7a6183aae1e09d831df6748d566095a10", "Sintel", 129302391, 131072, 987, 11)]
    [InlineData("ubuntu-24.10-desktop-amd64.iso", "3f9aac158c7de8dfcab171ea58a17aabdf7fbc93", "ubuntu-24.10-desktop-amd64.iso", 5665497088, 262144, 21613, 1)]
    public void A_v1_torrent_reads_as_its_maker_wrote_it(
        string fixture, string infoHash, string name, long totalSize, int pieceLength, int pieceCount, int fileCount)
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read(fixture));

        Assert.Equal(TorrentVersion.V1, metainfo.Version);
        Assert.Equal(infoHash, metainfo.InfoHashes.V1.ToString());
        Assert.Null(metainfo.InfoHashes.V2);
        Assert.Equal(name, metainfo.Name);
        Assert.Equal(totalSize, metainfo.TotalSize);
        Assert.Equal(pieceLength, metainfo.PieceLength);
        Assert.Equal(pieceCount, metainfo.PieceCount);
        Assert.Equal(fileCount, metainfo.Files.Count);
        Assert.False(metainfo.IsPrivate);
        Assert.False(metainfo.HasPieceLayers);
        Assert.Equal(totalSize, Enumerable.Range(0, pieceCount).Sum(piece => (long)metainfo.PieceLengthOf(piece)));
        Assert.Equal(pieceCount, metainfo.Files.Max(file => file.EndPiece));
    }

    [Fact]
    public void The_torrent_of_the_report_has_the_values_of_its_table()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("ubuntu-24.10-desktop-amd64.iso"));

        Assert.True(metainfo.IsSingleFile);
        Assert.Equal([["https://torrent.ubuntu.com/announce"], ["https://ipv6.torrent.ubuntu.com/announce"]], metainfo.Trackers);
        Assert.Equal("Ubuntu CD releases.ubuntu.com", metainfo.Comment);
        Assert.Equal("mktorrent 1.1", metainfo.CreatedBy);
        Assert.Equal(new DateTimeOffset(2024, 10, 10, 10, 52, 37, TimeSpan.Zero), metainfo.CreationDate);
        Assert.Equal("ubuntu-24.10-desktop-amd64.iso", metainfo.Files[0].DisplayPath);
        Assert.Equal((0, 21613), (metainfo.Files[0].FirstPiece, metainfo.Files[0].EndPiece));
        Assert.Equal("58a531a7197e00493675ec12b4982d12860beed4", Convert.ToHexStringLower(metainfo.PieceHashV1(0)));
        Assert.Equal(40960, metainfo.PieceLengthOf(21612));
    }

    [Fact]
    public void Files_of_a_folder_follow_each_other()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("lots-of-numbers"));

        Assert.False(metainfo.IsSingleFile);
        Assert.Equal(
            [
                ("lots-of-numbers/big numbers/10.txt", 0L, 2L),
                ("lots-of-numbers/big numbers/11.txt", 2L, 2L),
                ("lots-of-numbers/big numbers/12.txt", 4L, 2L),
                ("lots-of-numbers/small numbers/1.txt", 6L, 1L),
                ("lots-of-numbers/small numbers/2.txt", 7L, 2L),
                ("lots-of-numbers/small numbers/3.txt", 9L, 3L),
            ],
            metainfo.Files.Select(file => (file.DisplayPath, file.Offset, file.Length)));
        Assert.Equal(12, metainfo.PieceLengthOf(0));
        Assert.Equal(["lots-of-numbers", "big numbers", "10.txt"], metainfo.Files[0].Path);
        Assert.All(metainfo.Files, file => Assert.Same(file.Path, file.ExactPath));
    }

    [Fact]
    public void A_date_in_milliseconds_is_read_as_such()
    {
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1452468725091), TorrentMetainfo.Parse(Fixture.Read("alice")).CreationDate);
    }

    [Fact]
    public void Web_seeds_of_both_kinds_are_told_apart()
    {
        TorrentMetainfo sintel = TorrentMetainfo.Parse(Fixture.Read("sintel"));
        TorrentMetainfo debian = TorrentMetainfo.Parse(Fixture.Read("debian-10.8.0-amd64-netinst.iso"));
        TorrentMetainfo archive = TorrentMetainfo.Parse(Fixture.Read("alice_in_wonderland_librivox_archive"));

        Assert.Equal(["https://webtorrent.io/torrents/"], sintel.WebSeeds);
        Assert.Equal(8, sintel.Trackers.Count);
        Assert.Contains("wss://tracker.btorrent.xyz", sintel.Trackers[5]);
        Assert.Empty(debian.WebSeeds);
        Assert.Equal(2, debian.HttpSeeds.Count);
        Assert.Equal(["http://bttracker.debian.org:6969/announce"], Assert.Single(debian.Trackers));
        Assert.Equal(3, archive.WebSeeds.Count);
    }

    [Fact]
    public void A_torrent_without_trackers_has_none()
    {
        Assert.Empty(TorrentMetainfo.Parse(Fixture.Read("archlinux-2025.05.01-x86_64.iso")).Trackers);
    }

    [Fact]
    public void A_v2_torrent_puts_every_file_on_a_piece_boundary()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("bittorrent-v2-test"));

        Assert.Equal(TorrentVersion.V2, metainfo.Version);
        Assert.Null(metainfo.InfoHashes.V1);
        Assert.Equal("caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e", metainfo.InfoHashes.V2.ToString());
        Assert.Equal("bittorrent-v2-test", metainfo.Name);
        Assert.Equal(4194304, metainfo.PieceLength);
        Assert.Equal(1534222888, metainfo.TotalSize);
        Assert.Equal(371, metainfo.PieceCount);
        Assert.Equal(11, metainfo.Files.Count);
        Assert.True(metainfo.HasPieceLayers);
        Assert.All(metainfo.Files, file => Assert.Equal(0, file.Offset % metainfo.PieceLength));
        Assert.Equal("bittorrent-v2-test/13.Popsy Team - ViP 2.vob.mp4", metainfo.Files[0].DisplayPath);
        Assert.Equal((7, 29), (metainfo.Files[1].FirstPiece, metainfo.Files[1].EndPiece));
        Assert.Throws<InvalidOperationException>(() => metainfo.PieceHashV1(0).ToArray());
        Assert.Equal(metainfo.TotalSize, Enumerable.Range(0, 371).Sum(piece => (long)metainfo.PieceLengthOf(piece)));
    }

    [Fact]
    public void A_v2_piece_knows_its_hash_and_its_tree()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("bittorrent-v2-test"));
        TorrentFile small = metainfo.Files.Single(file => file.Path[^1] == "readme.txt");
        TorrentFile large = metainfo.Files.Single(file => file.Path[^1] == "asd-rupture.mp4");

        Assert.Equal(small.PiecesRoot.ToArray(), metainfo.PieceHashV2(small.FirstPiece).ToArray());
        Assert.Equal(1, metainfo.PieceLeavesV2(small.FirstPiece));
        Assert.Equal(61, metainfo.PieceLengthV2(small.FirstPiece));
        Assert.True(metainfo.PieceLayerOf(small).IsEmpty);
        Assert.Equal(256, metainfo.PieceLeavesV2(large.EndPiece - 1));
        Assert.Equal((int)(large.Length % metainfo.PieceLength), metainfo.PieceLengthV2(large.EndPiece - 1));
        Assert.Equal(metainfo.PieceLayerOf(large).Span[^32..].ToArray(), metainfo.PieceHashV2(large.EndPiece - 1).ToArray());
        Assert.Equal((large.EndPiece - large.FirstPiece) * 32, metainfo.PieceLayerOf(large).Length);
    }

    [Fact]
    public void A_hybrid_torrent_is_both()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("bittorrent-v2-hybrid-test"));

        Assert.Equal(TorrentVersion.Hybrid, metainfo.Version);
        Assert.Equal("631a31dd0a46257d5078c0dee4e66e26f73e42ac", metainfo.InfoHashes.V1.ToString());
        Assert.Equal("d8dd32ac93357c368556af3ac1d95c9d76bd0dff6fa9833ecdac3d53134efabb", metainfo.InfoHashes.V2.ToString());
        Assert.Equal(895544883, metainfo.TotalSize);
        Assert.Equal(1715, metainfo.PieceCount);
        Assert.Equal(17, metainfo.Files.Count);
        Assert.Equal(8, metainfo.Files.Count(file => file.IsPadding));
        Assert.True(metainfo.HasPieceLayers);
        Assert.Equal(898631684, Enumerable.Range(0, 1715).Sum(piece => (long)metainfo.PieceLengthOf(piece)));
        Assert.Equal(metainfo.TotalSize, Enumerable.Range(0, 1715).Sum(piece => (long)metainfo.PieceLengthV2(piece)));

        TorrentFile readme = metainfo.Files.Single(file => file.Path[^1] == "readme.txt");
        Assert.Equal(TorrentFileAttributes.Executable, readme.Attributes);
        Assert.Equal(524288, metainfo.PieceLengthOf(readme.FirstPiece));
        Assert.Equal(61, metainfo.PieceLengthV2(readme.FirstPiece));
        Assert.Equal(readme.PiecesRoot.ToArray(), metainfo.PieceHashV2(readme.FirstPiece).ToArray());
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice_in_wonderland_librivox_archive")]
    [InlineData("bittorrent-v2-hybrid-test")]
    [InlineData("bittorrent-v2-test")]
    [InlineData("debian-10.8.0-amd64-netinst.iso")]
    [InlineData("sintel")]
    [InlineData("ubuntu-24.10-desktop-amd64.iso")]
    public void What_is_written_reads_back_the_same(string fixture)
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read(fixture));

        Same.Assert(metainfo, TorrentMetainfo.Parse(metainfo.ToBytes()), exactDate: fixture != "alice");
    }

    [Theory]
    [InlineData("bittorrent-v2-test")]
    [InlineData("ubuntu-24.10-desktop-amd64.iso")]
    [InlineData("puppy")]
    public void A_file_in_canonical_form_is_written_back_to_the_byte(string fixture)
    {
        byte[] file = Fixture.Read(fixture);

        Assert.Equal(file, TorrentMetainfo.Parse(file).ToBytes());
    }
}
