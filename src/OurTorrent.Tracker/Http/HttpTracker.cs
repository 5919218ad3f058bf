using OurTorrent.Bencoding;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http;

/// <summary>
/// The tracker protocol over HTTP (BEP 3, 7, 21, 23, 24, 31, 48), without HTTP: the target of a request line goes in, the body of the
/// answer comes out. All calls may be made from any thread.
/// </summary>
internal sealed class HttpTracker(TrackerOptions options, TrackerService service)
{
    private readonly int _defaultNumWant = options.DefaultNumWant;
    private readonly int _maxNumWant = options.MaxNumWant;
    private readonly bool _bothFamilies = options.Http.BothFamilies;
    private readonly bool _fullScrape = options.Http.FullScrape;

    /// <summary>The swarms themselves.</summary>
    public ISwarmStore Swarms => service.Swarms;

    /// <summary>Memory to put an answer together in.</summary>
    public HttpAnswer CreateAnswer() => new(_maxNumWant);

    /// <summary>Answers a request.</summary>
    /// <param name="target">The target of the request line.</param>
    /// <param name="source">Who asks.</param>
    /// <param name="answer">Where the body is put together.</param>
    public HttpOutcome Answer(in RequestTarget target, in HttpSource source, HttpAnswer answer)
    {
        if (target.Kind == TrackerPath.Other)
            return HttpOutcome.NotFound;

        if (service.IsIgnored(source.Address))
            return HttpOutcome.Ignored;

        return target.Kind == TrackerPath.Announce ? Announce(target, source, answer) : Scrape(target, source, answer);
    }

    /// <summary>Whether the counts of a swarm may be told, as a part of all.</summary>
    public bool MayBeScraped(in InfoHash infoHash, in HttpSource source, ReadOnlySpan<byte> pathAndQuery) =>
        service.Scrape(infoHash, source.Address, pathAndQuery, out _) == Refusal.None;

    private HttpOutcome Announce(in RequestTarget target, in HttpSource source, HttpAnswer answer)
    {
        QueryError error = AnnounceQuery.Parse(target.Query, out AnnounceQuery query);
        if (error != QueryError.None)
            return Fail(error, answer);

        AnnouncedPeers peers = AnnouncedPeers.Of(query, target.Query, source);
        int wanted = query.Event == AnnounceEvent.Stopped ? 0 : query.NumWant < 0 ? _defaultNumWant : Math.Min(query.NumWant, _maxNumWant);
        bool isIPv6 = source.Address.IsIPv6;
        bool wantsIPv4 = !isIPv6 || _bothFamilies || peers.AsksIPv4;
        bool wantsIPv6 = isIPv6 || _bothFamilies || peers.AsksIPv6;
        Span<byte> ipv4Peers = answer.IPv4Peers(wantsIPv4 ? wanted : 0);
        Span<byte> ipv6Peers = answer.IPv6Peers(wantsIPv6 ? wanted : 0);

        var announce = new PeerAnnounce(query.InfoHash, peers.First, query.Key, query.Event, query.IsSeeder);
        Refusal refusal = service.Announce(
            announce, query.PeerId, source.Address, target.PathAndQuery, ipv4Peers, ipv6Peers, out AnnounceResult result);
        if (refusal != Refusal.None)
            return Refuse(refusal, answer);

        if (peers.Second is { } second)
            AnnounceSecond(announce, second, query, source, target.PathAndQuery);

        int ipv4Count = result.IPv4Bytes / CompactPeer.IPv4Length;
        int ipv6Count = result.IPv6Bytes / CompactPeer.IPv6Length;
        if (isIPv6)
            Share(wanted, ref ipv6Count, ref ipv4Count);
        else
            Share(wanted, ref ipv4Count, ref ipv6Count);
        WriteAnnounce(
            answer,
            result,
            query.IsCompact,
            wantsIPv6,
            source.Address,
            ipv4Peers[..(ipv4Count * CompactPeer.IPv4Length)],
            ipv6Peers[..(ipv6Count * CompactPeer.IPv6Length)]);
        return HttpOutcome.Announced;
    }

    /// <summary>The same client at its other address (BEP 7); a download that it completes is counted at the first one alone.</summary>
    private void AnnounceSecond(in PeerAnnounce first, CompactPeer peer, in AnnounceQuery query, in HttpSource source, ReadOnlySpan<byte> path)
    {
        AnnounceEvent why = first.Event == AnnounceEvent.Completed ? AnnounceEvent.None : first.Event;
        service.Announce(first with { Peer = peer, Event = why }, query.PeerId, source.Address, path, default, default, out _);
    }

    /// <summary>Where there are more peers of both families than are wanted, each has half, and more where the other has less.</summary>
    private static void Share(int wanted, ref int own, ref int other)
    {
        other = Math.Min(other, Math.Max(wanted / 2, wanted - own));
        own = Math.Min(own, wanted - other);
    }

    private HttpOutcome Scrape(in RequestTarget target, in HttpSource source, HttpAnswer answer)
    {
        List<InfoHash> infoHashes = answer.InfoHashes;
        infoHashes.Clear();
        var reader = new QueryReader(target.Query);
        while (reader.Read())
        {
            if (!reader.Name.SequenceEqual("info_hash"u8))
                continue;

            if (!AnnounceQuery.TryReadInfoHash(reader.Value, out InfoHash infoHash))
                return Fail(QueryError.InfoHashInvalid, answer);

            infoHashes.Add(infoHash);
        }

        if (infoHashes.Count == 0)
            return _fullScrape ? HttpOutcome.FullScrape : Fail(QueryError.FullScrapeRefused, answer);

        // Keys of a dictionary are sorted, and there once.
        infoHashes.Sort();
        BencodeWriter writer = answer.Begin();
        writer.WriteStartDictionary();
        writer.WriteStartDictionary("files"u8);
        var refusal = Refusal.None;
        bool isAnyTold = false;
        for (int index = 0; index < infoHashes.Count; index++)
        {
            InfoHash infoHash = infoHashes[index];
            if (index > 0 && infoHash == infoHashes[index - 1])
                continue;

            Refusal one = service.Scrape(infoHash, source.Address, target.PathAndQuery, out SwarmCounts counts);
            if (one == Refusal.None)
            {
                isAnyTold = true;
                writer.WriteKey(infoHash.Span);
                WriteCounts(writer, counts);
            }
            else
            {
                refusal = one;
            }
        }

        // Of several, those that are refused are left out.
        if (!isAnyTold)
            return Refuse(refusal, answer);

        writer.WriteEndDictionary();
        writer.WriteKey("flags"u8);
        WriteScrapeFlags(writer);
        writer.WriteEndDictionary();
        return HttpOutcome.Scraped;
    }

    /// <summary>How often a client may scrape: <c>flags</c> beside <c>files</c>, as trackers have it that go beyond BEP 48.</summary>
    public void WriteScrapeFlags(BencodeWriter writer)
    {
        writer.WriteStartDictionary();
        writer.WriteInteger("min_request_interval"u8, service.NextInterval(0) / 2);
        writer.WriteEndDictionary();
    }

    /// <summary>The counts of one swarm (BEP 48), and how many of its leechers still download (BEP 21).</summary>
    public static void WriteCounts(BencodeWriter writer, in SwarmCounts counts)
    {
        writer.WriteStartDictionary();
        writer.WriteInteger("complete"u8, counts.Seeders);
        writer.WriteInteger("downloaded"u8, counts.Completed);
        writer.WriteInteger("downloaders"u8, counts.Leechers - counts.PartialSeeds);
        writer.WriteInteger("incomplete"u8, counts.Leechers);
        writer.WriteEndDictionary();
    }

    private void WriteAnnounce(
        HttpAnswer answer,
        in AnnounceResult result,
        bool isCompact,
        bool wantsIPv6,
        in ClientAddress source,
        ReadOnlySpan<byte> ipv4Peers,
        ReadOnlySpan<byte> ipv6Peers)
    {
        int interval = service.NextInterval(answer.NextRandom());
        BencodeWriter writer = answer.Begin();
        writer.WriteStartDictionary();
        writer.WriteInteger("complete"u8, result.Counts.Seeders);
        writer.WriteInteger("downloaded"u8, result.Counts.Completed);
        WriteExternalAddress(writer, source);
        writer.WriteInteger("incomplete"u8, result.Counts.Leechers);
        writer.WriteInteger("interval"u8, interval);
        writer.WriteInteger("min interval"u8, interval / 2);
        if (isCompact)
        {
            writer.WriteString("peers"u8, ipv4Peers);
            if (wantsIPv6)
                writer.WriteString("peers6"u8, ipv6Peers);
        }
        else
        {
            writer.WriteStartList("peers"u8);
            WritePeers(writer, ipv4Peers, CompactPeer.IPv4Length);
            WritePeers(writer, ipv6Peers, CompactPeer.IPv6Length);
            writer.WriteEndList();
        }

        if (result.Status == AnnounceStatus.TooManyPeers)
            writer.WriteString("warning message"u8, "The swarm is full: others are not told of you."u8);
        writer.WriteEndDictionary();
    }

    // BEP 24.
    private static void WriteExternalAddress(BencodeWriter writer, in ClientAddress source)
    {
        Span<byte> address = stackalloc byte[16];
        if (source.IsIPv6)
            BinaryPrimitives.WriteUInt128BigEndian(address, source.Bits);
        else
            BinaryPrimitives.WriteUInt32BigEndian(address, (uint)source.Bits);
        writer.WriteString("external ip"u8, source.IsIPv6 ? address : address[..4]);
    }

    // The form from before BEP 23. Peer ids are not kept, so they are left out, as no_peer_id asks for.
    private static void WritePeers(BencodeWriter writer, ReadOnlySpan<byte> peers, int length)
    {
        const int MaxAddressLength = 45;
        Span<byte> text = stackalloc byte[MaxAddressLength];
        for (; peers.Length >= length; peers = peers[length..])
        {
            var address = new IPAddress(peers[..(length - 2)]);
            address.TryFormat(text, out int written);
            writer.WriteStartDictionary();
            writer.WriteString("ip"u8, text[..written]);
            writer.WriteInteger("port"u8, BinaryPrimitives.ReadUInt16BigEndian(peers[(length - 2)..]));
            writer.WriteEndDictionary();
        }
    }

    private static HttpOutcome Fail(QueryError error, HttpAnswer answer)
    {
        BencodeWriter writer = answer.Begin();
        writer.WriteStartDictionary();
        writer.WriteString("failure reason"u8, QueryErrorText.Of(error));
        writer.WriteEndDictionary();
        return HttpOutcome.Malformed;
    }

    private static HttpOutcome Refuse(Refusal refusal, HttpAnswer answer)
    {
        if (refusal == Refusal.Ignored)
            return HttpOutcome.Ignored;

        BencodeWriter writer = answer.Begin();
        writer.WriteStartDictionary();
        writer.WriteString("failure reason"u8, RefusalText.Of(refusal));

        // BEP 31.
        int minutes = RefusalText.RetryMinutesOf(refusal);
        if (minutes > 0)
            writer.WriteInteger("retry in"u8, minutes);
        else
            writer.WriteString("retry in"u8, "never"u8);
        writer.WriteEndDictionary();
        return HttpOutcome.Refused;
    }
}
