using System.Net;
using System.Text;
using OurTorrent.Bencoding;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Http;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Fuzz.Tracking;

/// <summary>
/// What strangers ask of our HTTP tracker (BEP 3, 7, 23, 48): each line of the input is the target of a request. Its first byte chooses
/// who asks, so that several clients meet in one input.
/// </summary>
internal static class HttpFrontTarget
{
    private const int MaxNumWant = 20;
    private const int MaxRequests = 50;

    private static readonly HttpSource[] Clients =
    [
        new(ClientAddress.From(IPAddress.Parse("203.0.113.1")), IsBelieved: false),
        new(ClientAddress.From(IPAddress.Parse("192.168.0.2")), IsBelieved: true),
        new(ClientAddress.From(IPAddress.Parse("2001:db8::1")), IsBelieved: false),
        new(ClientAddress.From(IPAddress.Parse("fd00::2")), IsBelieved: true),
    ];

    public static void Check(byte[] input)
    {
        var swarms = new MemorySwarmStore(new MemorySwarmStoreOptions { TimeProvider = new FuzzTime() }, new Random(1));
        try
        {
            var service = new TrackerService(swarms, new OpenAccess(), new AnnounceInterval(TimeSpan.FromSeconds(1800)));
            var tracker = new HttpTracker(new TrackerOptions { DefaultNumWant = 5, MaxNumWant = MaxNumWant }, service);
            HttpAnswer answer = tracker.CreateAnswer();
            int requests = 0;
            foreach (Range line in input.AsSpan().Split((byte)'\n'))
            {
                ReadOnlySpan<byte> request = input.AsSpan(line);
                if (request.IsEmpty || ++requests > MaxRequests)
                    continue;

                HttpSource source = Clients[request[0] & 3];
                var target = new RequestTarget(request[1..]);
                CheckAnswer(tracker.Answer(target, source, answer), target, source, answer.Body, swarms);
            }
        }
        finally
        {
            swarms.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void CheckAnswer(HttpOutcome outcome, in RequestTarget target, in HttpSource source, ReadOnlySpan<byte> body, MemorySwarmStore swarms)
    {
        Promise.Same(target.Kind == TrackerPath.Other, outcome == HttpOutcome.NotFound, "what is no request is answered by others");
        if (outcome == HttpOutcome.NotFound)
            return;

        Promise.That(BencodeValue.TryParse(body, out BencodeValue? document), "an answer is bencoded, strictly");
        bool isAnnounce = HttpTrackerResponse.TryParseAnnounce(body, out AnnounceResponse? announce, out _);
        bool isScrape = HttpTrackerResponse.TryParseScrape(body, out ScrapeResponse? scrape, out _);
        Promise.Same(outcome == HttpOutcome.Announced, isAnnounce, "an announce is answered as one");
        Promise.Same(outcome == HttpOutcome.Scraped, isScrape, "a scrape is answered as one");
        Promise.Same(outcome is HttpOutcome.Refused or HttpOutcome.Malformed, document.Find("failure reason"u8) is not null, "a refusal has a reason");
        Promise.That(outcome is not (HttpOutcome.Ignored or HttpOutcome.FullScrape), "nobody is ignored, and all are listed for nobody");
        if (announce is not null)
            CheckAnnounce(announce, target, source, swarms);
        if (scrape is not null)
            Promise.Same(InfoHashesOf(target.Query).Distinct().Count(), scrape.Entries.Count, "each torrent is told of that was named");
    }

    private static void CheckAnnounce(AnnounceResponse answer, in RequestTarget target, in HttpSource source, MemorySwarmStore swarms)
    {
        Promise.That(answer.Peers.Count <= MaxNumWant, "no more peers are given than may be");
        Promise.Same(answer.Peers.Count, answer.Peers.Distinct().Count(), "a peer is given once");
        Promise.Same(source.Address.ToIPAddress(), answer.ExternalAddress, "a client is told where it comes from");
        Promise.That(answer.Interval >= TimeSpan.FromSeconds(1800) && answer.MinInterval <= answer.Interval, "intervals are sensible");
        InfoHash[] named = InfoHashesOf(target.Query);
        Promise.Same(1, named.Length, "an announce names one torrent");
        SwarmCounts counts = swarms.Scrape(named[0]);
        Promise.That(answer.Seeders <= counts.Seeders && answer.Leechers <= counts.Leechers, "counts are those of the torrent it names");
        if (!source.IsBelieved)
            Promise.That(!answer.Peers.Contains(new IPEndPoint(source.Address.ToIPAddress(), PortOf(target.Query))), "nobody is given itself");
    }

    /// <summary>The torrents a query names, read in the plainest way.</summary>
    private static InfoHash[] InfoHashesOf(ReadOnlySpan<byte> query) =>
        [.. ValuesOf(query, "info_hash").Select(Decode).Where(bytes => bytes.Length == InfoHash.Length).Select(bytes => new InfoHash(bytes))];

    private static int PortOf(ReadOnlySpan<byte> query) => int.Parse(ValuesOf(query, "port").Single(), System.Globalization.CultureInfo.InvariantCulture);

    private static string[] ValuesOf(ReadOnlySpan<byte> query, string name) =>
    [
        .. Encoding.Latin1.GetString(query).Split('&')
            .Where(field => field == name || field.StartsWith(name + '=', StringComparison.Ordinal))
            .Select(field => field.Length > name.Length ? field[(name.Length + 1)..] : ""),
    ];

    private static byte[] Decode(string text)
    {
        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return [];

                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add(text[i] == '+' ? (byte)' ' : (byte)text[i]);
            }
        }

        return [.. bytes];
    }
}
