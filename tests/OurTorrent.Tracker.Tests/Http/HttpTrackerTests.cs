using System.Net;
using System.Text;
using CsCheck;
using OurTorrent.Bencoding;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Http;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Tests.Udp;

namespace OurTorrent.Tracker.Tests.Http;

/// <summary>The protocol without HTTP: a target goes in, a body comes out.</summary>
public sealed class HttpTrackerTests
{
    private const string Hash = "info_hash=aaaaaaaaaaaaaaaaaaaa";
    private const string Announce = "/announce?" + Hash + "&peer_id=-OT0001-abcdefghijkl&port=6881&left=1";

    private static readonly HttpSource Stranger = new(ClientAddress.From(IPAddress.Parse("203.0.113.7")), IsBelieved: false);
    private static readonly HttpSource StrangerIPv6 = new(ClientAddress.From(IPAddress.Parse("2001:db8::7")), IsBelieved: false);
    private static readonly HttpSource Friend = new(ClientAddress.From(IPAddress.Parse("192.168.1.7")), IsBelieved: true);

    [Fact]
    public void The_answer_is_bencoded_as_BEP_3_has_it()
    {
        var swarms = new CannedSwarms { Peers = 1 };
        string text = Encoding.Latin1.GetString(Ask(swarms, Announce, Stranger).ToBytes());
        Assert.Matches(
            @"^d8:completei5e10:downloadedi11e11:external ip4:Ë\x00q\x0710:incompletei7e8:intervali1[89]\d\de12:min intervali9\d\de5:peers6:Æ3d\x00\x1aáe$",
            text);
    }

    [Fact]
    public void Without_compact_each_peer_is_a_dictionary()
    {
        BencodeDictionary answer = Ask(new CannedSwarms { Peers = 2 }, Announce + "&compact=0&ipv6=2001:db8::1", Stranger);
        var peers = (BencodeList)answer["peers"];
        Assert.Equal(4, peers.Count);
        Assert.Equal("198.51.100.0", (string)peers[0]["ip"]);
        Assert.Equal(6881, (long)peers[0]["port"]);
        Assert.Equal("2001:db8::", (string)peers[2]["ip"]);
        Assert.Null(answer.Find("peers6"));
    }

    [Theory]
    [InlineData(false, "", 3, null)]
    [InlineData(false, "&ipv6=2001:db8::1", 3, 3)]
    [InlineData(false, "&ipv4=203.0.113.7", 3, null)]
    [InlineData(true, "", 0, 3)]
    [InlineData(true, "&ipv4=203.0.113.7", 3, 3)]
    public void Peers_are_of_the_own_family_and_of_the_other_where_asked(bool isIPv6, string field, int ipv4, int? ipv6)
    {
        BencodeDictionary answer = Ask(new CannedSwarms(), Announce + field, isIPv6 ? StrangerIPv6 : Stranger);
        Assert.Equal(ipv4 * 6, ((BencodeString)answer["peers"]).Length);
        Assert.Equal(ipv6 * 18, ((BencodeString?)answer.Find("peers6"))?.Length);
    }

    [Fact]
    public void Both_families_can_be_given_to_everybody()
    {
        BencodeDictionary answer = Ask(new CannedSwarms(), Announce, Stranger, new TrackerOptions { Http = new() { BothFamilies = true } });
        Assert.Equal(3 * 18, ((BencodeString)answer["peers6"]).Length);
    }

    [Theory]
    [InlineData(10, 100, 5, 5)]
    [InlineData(11, 100, 6, 5)]
    [InlineData(10, 3, 3, 3)]
    [InlineData(1, 100, 1, 0)]
    public void Of_both_families_no_more_are_given_than_were_asked_for(int wanted, int there, int own, int other)
    {
        BencodeDictionary answer = Ask(new CannedSwarms { Peers = there }, $"{Announce}&ipv6=::1&numwant={wanted}", Stranger);
        Assert.Equal(own * 6, ((BencodeString)answer["peers"]).Length);
        Assert.Equal(other * 18, ((BencodeString)answer["peers6"]).Length);
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("&numwant=7", 7)]
    [InlineData("&numwant=0", 0)]
    [InlineData("&numwant=1000", 200)]
    [InlineData("&numwant=-1", 50)]
    [InlineData("&event=stopped", 0)]
    public void So_many_peers_are_given_as_are_wanted_within_bounds(string field, int expected)
    {
        BencodeDictionary answer = Ask(new CannedSwarms { Peers = 1000 }, Announce + field, Stranger);
        Assert.Equal(expected * 6, ((BencodeString)answer["peers"]).Length);
    }

    [Theory]
    [InlineData("&ip=198.51.100.200")]
    [InlineData("&ipv4=198.51.100.200:99")]
    [InlineData("&ipv6=2001:db8::99")]
    public void A_stranger_is_where_it_came_from_whatever_it_says(string field)
    {
        var swarms = new CannedSwarms();
        BencodeDictionary answer = Ask(swarms, Announce + field, Stranger);
        Assert.Equal("203.0.113.7:6881", swarms.Announced.Peer.ToString());
        Assert.Equal([203, 0, 113, 7], ((BencodeString)answer["external ip"]).Span.ToArray());
    }

    [Theory]
    [InlineData("&ip=198.51.100.200", "198.51.100.200:6881", null)]
    [InlineData("&ipv4=198.51.100.200:99", "198.51.100.200:99", null)]
    [InlineData("&ipv6=2001:db8::99", "192.168.1.7:6881", "[2001:db8::99]:6881")]
    [InlineData("&ipv4=198.51.100.200&ipv6=[2001:db8::99]:5", "198.51.100.200:6881", "[2001:db8::99]:5")]
    [InlineData("&ip=0.0.0.0", "192.168.1.7:6881", null)]
    public void A_friend_may_say_where_it_is_at_both_of_its_addresses(string field, string first, string? second)
    {
        var store = new NoteTaker();
        Ask(store, Announce + "&event=completed" + field, Friend);
        Assert.Equal(first, store.Announced[0].Peer.ToString());
        Assert.Equal(AnnounceEvent.Completed, store.Announced[0].Event);
        Assert.Equal(second, store.Announced.Skip(1).Select(announce => announce.Peer.ToString()).SingleOrDefault());

        // The download was completed once.
        Assert.All(store.Announced.Skip(1), announce => Assert.Equal(AnnounceEvent.None, announce.Event));
    }

    [Fact]
    public void A_full_swarm_warns()
    {
        BencodeDictionary answer = Ask(new CannedSwarms { Status = AnnounceStatus.TooManyPeers }, Announce, Stranger);
        Assert.Contains("full", (string)answer["warning message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_says_why_and_when_to_come_back()
    {
        BencodeDictionary answer = Ask(new CannedSwarms { Status = AnnounceStatus.TooManyTorrents }, Announce, Stranger);
        Assert.Equal("The tracker is full.", (string)answer["failure reason"]);
        Assert.Equal(30, (long)answer["retry in"]);

        answer = Ask(new CannedSwarms(), Announce, Stranger, access: new SetAccess { OfAnnounces = Refusal.TorrentDenied });
        Assert.Equal("never", (string)answer["retry in"]);
    }

    [Theory]
    [InlineData("/announce")]
    [InlineData("/announce?info_hash=%zz")]
    [InlineData("/scrape?info_hash=short")]
    [InlineData("/scrape")]
    [InlineData("/scrape?info_hash=")]
    public void What_cannot_be_understood_is_told_why(string target)
    {
        BencodeDictionary answer = Ask(new CannedSwarms(), target, Stranger);
        Assert.Contains("info_hash", (string)answer["failure reason"], StringComparison.Ordinal);
        Assert.Single(answer);
    }

    [Fact]
    public void A_scrape_tells_of_each_torrent_once_in_order()
    {
        byte[] body = AskBytes(
            new CannedSwarms(), "/scrape?info_hash=bbbbbbbbbbbbbbbbbbbb&x=y&" + Hash + "&info_hash=bbbbbbbbbbbbbbbbbbbb", Stranger);
        const string Counts = "d8:completei5e10:downloadedi11e11:downloadersi6e10:incompletei7ee";
        Assert.Equal(
            $"d5:filesd20:aaaaaaaaaaaaaaaaaaaa{Counts}20:bbbbbbbbbbbbbbbbbbbb{Counts}e5:flagsd20:min_request_intervali900eee",
            Encoding.Latin1.GetString(body));
    }

    [Fact]
    public void A_scrape_of_nothing_but_refused_torrents_is_refused()
    {
        BencodeDictionary answer = Ask(new CannedSwarms(), "/scrape?" + Hash, Stranger, access: new SetAccess { OfScrapes = Refusal.TorrentNotAllowed });
        Assert.Equal("This torrent is not registered with this tracker.", (string)answer["failure reason"]);
    }

    [Theory]
    [InlineData("/announce")]
    [InlineData("/scrape?" + Hash)]
    public void Who_is_ignored_is_told_nothing(string target)
    {
        HttpTracker tracker = Create(new CannedSwarms(), access: new SetAccess { Ignored = Stranger.Address });
        Assert.Equal(HttpOutcome.Ignored, tracker.Answer(new RequestTarget(Encoding.Latin1.GetBytes(target)), Stranger, tracker.CreateAnswer()));
    }

    [Fact]
    public void Whatever_is_asked_the_answer_is_bencoded()
    {
        HttpTracker tracker = Create(new MemorySwarmStore(new MemorySwarmStoreOptions(), new Random(1)));
        string[] parts =
        [
            Hash, "info_hash=%00%ff", "info_hash=", "peer_id=-OT0001-abcdefghijkl", "port=1", "port=0", "port", "left=0", "left=-", "event=stopped",
            "event=paused", "event", "numwant=9", "numwant=-5", "compact=0", "key=1", "key=%", "ip=::1", "ipv4=1.2.3.4", "ipv6=[::2]:3", "=", "%", "+",
        ];
        Gen<string> field = Gen.OneOf(Gen.Int[0, parts.Length - 1].Select(index => parts[index]), Gen.String[Gen.Char[' ', '~'], 0, 12]);
        string[] paths = ["/announce", "/scrape", "/k/announce", "/scrape/k"];
        Gen.Select(Gen.Int[0, paths.Length - 1], field.Array[0, 12], Gen.Bool, Gen.Bool).Sample((path, fields, isIPv6, isBelieved) =>
        {
            byte[] target = Encoding.Latin1.GetBytes($"{paths[path]}?{string.Join('&', fields)}");
            HttpAnswer answer = tracker.CreateAnswer();
            HttpSource source = (isIPv6 ? StrangerIPv6 : Stranger) with { IsBelieved = isBelieved };
            HttpOutcome outcome = tracker.Answer(new RequestTarget(target), source, answer);
            Assert.True(BencodeValue.TryParse(answer.Body, out BencodeValue? value), "strictly: sorted, and nothing behind");
            bool isAnnounce = HttpTrackerResponse.TryParseAnnounce(answer.Body, out _, out _);
            bool isScrape = HttpTrackerResponse.TryParseScrape(answer.Body, out _, out _);
            Assert.Equal(outcome == HttpOutcome.Announced, isAnnounce);
            Assert.Equal(outcome == HttpOutcome.Scraped, isScrape);
            Assert.Equal(outcome is HttpOutcome.Refused or HttpOutcome.Malformed, value.Find("failure reason") is not null);
        });
    }

    private static HttpTracker Create(ISwarmStore swarms, TrackerOptions? options = null, IAccessControl? access = null) => new(
        options ?? new TrackerOptions(), new TrackerService(swarms, access ?? new OpenAccess(), new AnnounceInterval(TimeSpan.FromMinutes(30))));

    private static byte[] AskBytes(ISwarmStore swarms, string target, HttpSource source, TrackerOptions? options = null, IAccessControl? access = null)
    {
        HttpTracker tracker = Create(swarms, options, access);
        HttpAnswer answer = tracker.CreateAnswer();
        tracker.Answer(new RequestTarget(Encoding.Latin1.GetBytes(target)), source, answer);
        return answer.Body.ToArray();
    }

    private static BencodeDictionary Ask(
        ISwarmStore swarms, string target, HttpSource source, TrackerOptions? options = null, IAccessControl? access = null) =>
        (BencodeDictionary)BencodeValue.Parse(AskBytes(swarms, target, source, options, access));

    /// <summary>Swarms that remember all they were told.</summary>
    private sealed class NoteTaker : ISwarmStore
    {
        public List<PeerAnnounce> Announced { get; } = [];

        public SwarmTotals Totals => default;

        public PersistenceStatus Persistence => PersistenceStatus.None;

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers)
        {
            Announced.Add(announce);
            return default;
        }

        public SwarmCounts Scrape(in InfoHash infoHash) => default;

        public IEnumerable<SwarmSummary> Enumerate() => [];

        public IReadOnlyList<SwarmSummary> Busiest(int count) => [];

        public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => default;
    }
}
