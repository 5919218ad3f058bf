using System.Net;
using CsCheck;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Magnets;

public sealed class MagnetLinkTests
{
    private const string V1 = "08ada5a7a6183aae1e09d831df6748d566095a10";
    private const string V2 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e";

    [Theory]
    [InlineData("magnet:?xt=urn:btih:" + V1)]
    [InlineData("magnet:?xt=urn:btih:08ADA5A7A6183AAE1E09D831DF6748D566095A10")]
    [InlineData("magnet:?xt=urn:btih:BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ")]
    [InlineData("magnet:?xt=urn:btih:bcw2lj5gda5k4hqj3ay56z2i2vtaswqq")]
    [InlineData("MAGNET:?XT=URN:BTIH:" + V1)]
    [InlineData("  magnet:?xt.1=urn%3Abtih%3A" + V1 + "&xt.2=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C\n")]
    [InlineData("magnet://?dn=x&amp;xt=urn:btih:" + V1)]
    [InlineData("magnet:?&&dn&=&xt=urn:btih:" + V1 + "&xt=urn:btih:BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ")]
    public void A_v1_info_hash_is_read_in_every_spelling(string text)
    {
        MagnetLink link = MagnetLink.Parse(text);

        Assert.Equal(V1, link.InfoHashes.V1.ToString());
        Assert.Null(link.InfoHashes.V2);
    }

    [Fact]
    public void A_v2_info_hash_is_a_multihash()
    {
        MagnetLink link = MagnetLink.Parse("magnet:?xt=urn:btmh:1220" + V2);

        Assert.Null(link.InfoHashes.V1);
        Assert.Equal(V2, link.InfoHashes.V2.ToString());
        Assert.Equal(V2[..40], link.InfoHashes.Wire.ToString());
    }

    [Fact]
    public void All_that_a_link_can_say_is_read()
    {
        MagnetLink link = MagnetLink.Parse(
            $"magnet:?xt=urn:btih:{V1}&xt=urn:btmh:1220{V2}&dn=W%C3%B6rter+und%20mehr&xl=12345" +
            "&tr=udp%3A%2F%2Fa%3A1%2Fx%2By&tr.1=http://b/?c=d&tr=udp%3A%2F%2Fa%3A1%2Fx%2By&ws=http%3A%2F%2Fw%2F&xs=http%3A%2F%2Fs%2Ft.torrent" +
            "&x.pe=1.2.3.4:5&x.pe=[2001:db8::1]:6881&x.pe=host.example%3A80&so=0,2,4,6-8&kt=ignored");

        Assert.Equal((V1, V2), (link.InfoHashes.V1.ToString()!, link.InfoHashes.V2.ToString()!));
        Assert.Equal("Wörter und mehr", link.Name);
        Assert.Equal(12345, link.Length);
        Assert.Equal(["udp://a:1/x+y", "http://b/?c=d"], link.Trackers);
        Assert.Equal(["http://w/"], link.WebSeeds);
        Assert.Equal(["http://s/t.torrent"], link.Sources);
        Assert.Equal([("1.2.3.4", 5), ("2001:db8::1", 6881), ("host.example", 80)], link.Peers.Select(peer => (peer.Host, peer.Port)));
        Assert.Equal([new(0, 0), new(2, 2), new(4, 4), new(6, 8)], link.SelectedFiles);
        Assert.Equal([true, false, true, false, true, false, true, true, true, false], Enumerable.Range(0, 10).Select(link.Selects));
    }

    [Theory]
    [InlineData("")]
    [InlineData("magnet")]
    [InlineData("magnet:")]
    [InlineData("http://x/?xt=urn:btih:" + V1)]
    [InlineData("magnet:something?xt=urn:btih:" + V1)]
    [InlineData("magnet:?dn=x")]
    [InlineData("magnet:?xt=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C")]
    [InlineData("magnet:?xt=urn:btih:")]
    [InlineData("magnet:?xt=urn:btih:08ada5a7")]
    [InlineData("magnet:?xt=urn:btih:08ada5a7a6183aae1e09d831df6748d566095a1g")]
    [InlineData("magnet:?xt=urn:btih:BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQ1")]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&xt=urn:btih:18ada5a7a6183aae1e09d831df6748d566095a10")]
    [InlineData("magnet:?xt=urn:btmh:" + V2)]
    [InlineData("magnet:?xt=urn:btmh:1320" + V2)]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&so=")]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&so=a")]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&so=3-1")]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&so=1,,2")]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&so=-1")]
    [InlineData("magnet:?xt=urn:btih:" + V1 + "&so=0-99999999999")]
    public void What_names_no_torrent_is_refused_with_a_reason(string text)
    {
        bool parsed = MagnetLink.TryParse(text, out MagnetLink? link, out string? error);
        if (text.EndsWith("so=", StringComparison.Ordinal))
        {
            // A parameter without a value says nothing.
            Assert.True(parsed);
            Assert.Empty(link!.SelectedFiles);
            return;
        }

        Assert.False(parsed);
        Assert.Null(link);
        Assert.EndsWith(".", error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => MagnetLink.Parse(text)).Message);
    }

    [Theory]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3.4:0")]
    [InlineData("1.2.3.4:65536")]
    [InlineData(":80")]
    [InlineData("[]:80")]
    [InlineData("[1.2.3.4]:80")]
    [InlineData("::1:80")]
    [InlineData("a b:80")]
    [InlineData("a/b:80")]
    public void A_peer_that_is_no_address_is_passed_over(string peer)
    {
        Assert.Empty(MagnetLink.Parse($"magnet:?xt=urn:btih:{V1}&x.pe={Uri.EscapeDataString(peer)}").Peers);
    }

    [Fact]
    public void A_wide_selection_costs_nothing()
    {
        MagnetLink link = MagnetLink.Parse($"magnet:?xt=urn:btih:{V1}&so=0-{int.MaxValue}");

        Assert.True(link.Selects(int.MaxValue));
        Assert.Single(link.SelectedFiles);
    }

    [Fact]
    public void The_link_of_a_torrent_is_readable_by_others()
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read("debian-10.8.0-amd64-netinst.iso"));

        Assert.Equal(
            "magnet:?xt=urn:btih:4090c3c2a394a49974dfbbf2ce7ad0db3cdeddd7&dn=debian-10.8.0-amd64-netinst.iso&xl=352321536"
            + "&tr=http%3A%2F%2Fbttracker.debian.org%3A6969%2Fannounce",
            MagnetLink.FromMetainfo(metainfo).ToString());
    }

    [Theory]
    [InlineData("bittorrent-v2-test", 1)]
    [InlineData("bittorrent-v2-hybrid-test", 2)]
    public void The_link_of_a_v2_torrent_has_its_info_hash(string fixture, int hashes)
    {
        TorrentMetainfo metainfo = TorrentMetainfo.Parse(Fixture.Read(fixture));
        string text = MagnetLink.FromMetainfo(metainfo).ToString();

        Assert.Equal(hashes, text.Split("xt=").Length - 1);
        Assert.Equal(metainfo.InfoHashes, MagnetLink.Parse(text).InfoHashes);
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        Gen<string> text = Gen.String[Gen.Char["aZ0 &=?#%+/:.ö漢;"], 1, 20].Select(value => value.Trim()).Where(value => value.Length > 0);
        Gen<DnsEndPoint> peer = Gen.Select(
            Gen.OneOf(Gen.Const("1.2.3.4"), Gen.Const("2001:db8::1"), Gen.Const("host-1.example"), Gen.Const("bücher.example")),
            Gen.Int[1, 65535],
            (host, port) => new DnsEndPoint(host, port));
        Gen<FileRange> range = Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], (first, more) => new FileRange(first, first + more));
        Gen.Select(Gen.Byte.Array[20], Gen.Byte.Array[32], Gen.Int[0, 2], text, text.Array[0, 3], peer.Array[0, 3], range.Array[0, 3], Gen.Long[0, long.MaxValue])
            .Sample((v1, v2, which, name, urls, peers, files, length) =>
            {
                urls = [.. urls.Distinct(StringComparer.Ordinal)];
                var link = new MagnetLink
                {
                    InfoHashes = new(which == 0 ? null : new InfoHash(v1), which == 1 ? null : new InfoHashV2(v2)),
                    Name = name,
                    Length = length,
                    Trackers = urls,
                    WebSeeds = urls,
                    Sources = urls,
                    Peers = [.. peers.Distinct()],
                    SelectedFiles = files,
                };

                MagnetLink read = MagnetLink.Parse(link.ToString());

                Assert.Equal(link.InfoHashes, read.InfoHashes);
                Assert.Equal((name, length), (read.Name!, read.Length!.Value));
                Assert.Equal(urls, read.Trackers);
                Assert.Equal(urls, read.WebSeeds);
                Assert.Equal(urls, read.Sources);
                Assert.Equal(link.Peers, read.Peers);
                Assert.Equal(files, read.SelectedFiles);
            });
    }

    [Fact]
    public void No_text_throws()
    {
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["xtdnso.pe=&%:,-[]urbih0123456789ABCDEF?\ud800"], 0, 80]).Sample(text =>
        {
            Assert.False(MagnetLink.TryParse(text, out _, out _));
            if (MagnetLink.TryParse($"magnet:?xt=urn:btih:{V1}&" + text, out MagnetLink? link, out _))
                Assert.Equal(link.InfoHashes, MagnetLink.Parse(link.ToString()).InfoHashes);
        });
    }

    [Theory]
    [InlineData("&tr=a")]
    [InlineData("&tr={0}")]
    [InlineData("&{0}=b")]
    [InlineData("&dn=a")]
    [InlineData("&so=0")]
    [InlineData("&so={0}")]
    [InlineData("&x.pe=a:{0}")]
    [InlineData("&xt=urn:sha1:{0}")]
    [InlineData("%41")]
    [InlineData("&")]
    [InlineData("&a")]
    [InlineData("=")]
    [InlineData(",1")]
    public void A_link_of_a_megabyte_costs_memory_in_proportion_whatever_is_repeated_in_it(string repeated)
    {
        var text = new System.Text.StringBuilder($"magnet:?xt=urn:btih:{V1}&so=0");
        for (int i = 1; text.Length < 1024 * 1024; i++)
            text.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, repeated, i % 60_000);
        string link = text.ToString();
        long enough = 64 * 1024 + (80L * link.Length);

        long allocated = Allocation.Least(() => _ = MagnetLink.TryParse(link, out _, out _), enough);

        Assert.InRange(allocated, 0, enough);
    }

    internal static MagnetLink Parse(TorrentMetainfo metainfo) => MagnetLink.Parse(MagnetLink.FromMetainfo(metainfo).ToString());
}
