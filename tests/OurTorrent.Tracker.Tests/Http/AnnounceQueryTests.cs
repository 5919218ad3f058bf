using System.Text;
using CsCheck;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Http;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class AnnounceQueryTests
{
    private const string Hash = "info_hash=%00%01%02%03%04%05%06%07%08%09abcdefghij";
    private const string Id = "peer_id=-OT0001-abcdefghijkl";
    private const string Good = $"{Hash}&{Id}&port=6881";

    [Fact]
    public void A_whole_announce_is_read()
    {
        AnnounceQuery query = Read($"{Good}&uploaded=1&downloaded=2&left=3&event=completed&numwant=7&key=0000ABCD&compact=1&no_peer_id=1&trackerid=x");

        Assert.Equal("0001020304050607080961626364656667686" + "96a", query.InfoHash.ToString());
        Assert.Equal(new PeerId("-OT0001-abcdefghijkl"u8), query.PeerId);
        Assert.Equal(6881, query.Port);
        Assert.False(query.IsSeeder);
        Assert.Equal(AnnounceEvent.Completed, query.Event);
        Assert.Equal(7, query.NumWant);
        Assert.Equal(0xABCDu, query.Key);
        Assert.True(query.IsCompact);
    }

    [Fact]
    public void What_is_not_said_has_a_sensible_meaning()
    {
        AnnounceQuery query = Read(Good);
        Assert.True(query.IsCompact);
        Assert.False(query.IsSeeder);
        Assert.Equal(-1, query.NumWant);
        Assert.Equal(AnnounceEvent.None, query.Event);
        Assert.NotEqual(0u, query.Key);
    }

    [Theory]
    [InlineData(Id + "&port=1", "InfoHashMissing")]
    [InlineData("info_hash=&" + Id + "&port=1", "InfoHashInvalid")]
    [InlineData("info_hash=abc&" + Id + "&port=1", "InfoHashInvalid")]
    [InlineData("info_hash=%00%01%02%03%04%05%06%07%08%09abcdefghijk&" + Id + "&port=1", "InfoHashInvalid")]
    [InlineData("info_hash=%0g%01%02%03%04%05%06%07%08%09abcdefghij&" + Id + "&port=1", "InfoHashInvalid")]
    [InlineData("info_hash=01234567890123456789%&" + Id + "&port=1", "InfoHashInvalid")]
    [InlineData("info_hash=0123456789012345678%6&" + Id + "&port=1", "InfoHashInvalid")]
    [InlineData(Hash + "&" + Good, "InfoHashRepeated")]
    [InlineData(Hash + "&port=1", "PeerIdMissing")]
    [InlineData(Hash + "&peer_id=abc&port=1", "PeerIdInvalid")]
    [InlineData(Good + "&" + Id, "PeerIdRepeated")]
    [InlineData(Hash + "&" + Id, "PortMissing")]
    [InlineData(Hash + "&" + Id + "&port=", "PortInvalid")]
    [InlineData(Hash + "&" + Id + "&port=0", "PortInvalid")]
    [InlineData(Hash + "&" + Id + "&port=65536", "PortInvalid")]
    [InlineData(Hash + "&" + Id + "&port=-1", "PortInvalid")]
    [InlineData(Hash + "&" + Id + "&port=6881x", "PortInvalid")]
    [InlineData(Hash + "&" + Id + "&port=99999999999999999999", "PortInvalid")]
    [InlineData(Good + "&port=1", "PortRepeated")]
    [InlineData(Good + "&left=abc", "LeftInvalid")]
    [InlineData(Good + "&left=", "LeftInvalid")]
    [InlineData(Good + "&event=done", "EventInvalid")]
    [InlineData("", "InfoHashMissing")]
    [InlineData("&&&==&=", "InfoHashMissing")]
    public void What_is_wrong_is_named(string query, string error)
    {
        QueryError found = AnnounceQuery.Parse(Encoding.Latin1.GetBytes(query), out _);
        Assert.Equal(error, found.ToString());
        string field = error.StartsWith("InfoHash", StringComparison.Ordinal) ? "info_hash"
            : error.StartsWith("PeerId", StringComparison.Ordinal) ? "peer_id"
            : error.StartsWith("Port", StringComparison.Ordinal) ? "port"
            : error.StartsWith("Left", StringComparison.Ordinal) ? "left" : "event";
        Assert.Contains($"field {field} ", Encoding.ASCII.GetString(QueryErrorText.Of(found)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("000", true)]
    [InlineData("1", false)]
    [InlineData("100", false)]
    [InlineData("-1", false)]
    [InlineData("18446744073709551616", false)]
    public void Only_who_has_nothing_left_is_a_seeder(string left, bool isSeeder) => Assert.Equal(isSeeder, Read($"{Good}&left={left}").IsSeeder);

    [Theory]
    [InlineData("", AnnounceEvent.None)]
    [InlineData("empty", AnnounceEvent.None)]
    [InlineData("started", AnnounceEvent.Started)]
    [InlineData("stopped", AnnounceEvent.Stopped)]
    [InlineData("completed", AnnounceEvent.Completed)]
    [InlineData("paused", AnnounceEvent.Paused)]
    public void Every_event_is_known(string text, AnnounceEvent expected) => Assert.Equal(expected, Read($"{Good}&event={text}").Event);

    [Theory]
    [InlineData("numwant=0", 0)]
    [InlineData("numwant=200", 200)]
    [InlineData("numwant=-1", -1)]
    [InlineData("numwant=", -1)]
    [InlineData("numwant=many", -1)]
    [InlineData("numwant=99999999999", -1)]
    public void A_number_of_peers_that_is_none_leaves_it_to_the_tracker(string field, int expected) => Assert.Equal(expected, Read($"{Good}&{field}").NumWant);

    [Fact]
    public void A_plus_is_a_space_as_in_forms() =>
        Assert.Equal(new InfoHash("a b c d e f g h i j "u8), Read($"info_hash=a+b+c+d+e+f+g+h+i+j+&{Id}&port=1").InfoHash);

    [Theory]
    [InlineData("key=1", 1)]
    [InlineData("key=0000001", 1)]
    [InlineData("key=deadBEEF", 0xdeadbeef)]
    public void A_key_of_hexadecimal_digits_is_the_number_sent_over_UDP(string field, uint expected) => Assert.Equal(expected, Read($"{Good}&{field}").Key);

    [Theory]
    [InlineData("key=zzzz", "key=zzzy")]
    [InlineData("key=123456789", "key=023456789")]
    [InlineData("key=", "key=1")]
    public void Other_keys_are_told_apart(string first, string second) => Assert.NotEqual(Read($"{Good}&{first}").Key, Read($"{Good}&{second}").Key);

    [Fact]
    public void Info_hash_and_peer_id_come_back_whatever_their_bytes() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Byte.Array[20], Gen.UShort).Sample((hash, id, port) =>
        {
            port = Math.Max((ushort)1, port);
            var request = new AnnounceRequest { InfoHash = new InfoHash(hash), PeerId = new PeerId(id), Port = port };
            string url = HttpTrackerUrl.ForAnnounce("http://t/announce", request);
            AnnounceQuery query = Read(url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..]);
            Assert.Equal(request.InfoHash, query.InfoHash);
            Assert.Equal(request.PeerId, query.PeerId);
            Assert.Equal(port, query.Port);
        });

    private static AnnounceQuery Read(string query)
    {
        Assert.Equal(QueryError.None, AnnounceQuery.Parse(Encoding.Latin1.GetBytes(query), out AnnounceQuery announce));
        return announce;
    }
}
