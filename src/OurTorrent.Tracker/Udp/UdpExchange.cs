using System.Runtime.InteropServices;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Udp;

/// <summary>
/// What a tracker answers to a datagram (BEP 15, BEP 41); no I/O. One for each worker: not safe for several threads, and
/// allocates nothing.
/// </summary>
/// <remarks>
/// A sender that has not shown that it receives what is sent to its address (by a connection id that holds) is never sent more bytes
/// than it has sent. The address a client writes into an announce is not heeded: only where the datagram comes from counts.
/// </remarks>
internal sealed class UdpExchange
{
    /// <summary>The longest request there is: 74 info-hashes make 1,496 bytes. What is longer is no request.</summary>
    public const int MaxRequestLength = 1500;

    /// <summary>The longest answer, in bytes: with the headers of IPv6 and UDP it fits the lines of nearly everybody whole.</summary>
    public const int MaxReplyLength = 1400;

    private readonly TrackerService _service;
    private readonly ConnectionIds _ids;
    private readonly TrackerClock _clock;
    private readonly RequestCounters _ipv4Counters;
    private readonly RequestCounters _ipv6Counters;
    private readonly int _defaultNumWant;
    private readonly int _maxNumWant;
    private readonly byte[] _path = new byte[MaxRequestLength];
    private ulong _random;

    /// <summary>Makes the exchange of one worker.</summary>
    /// <param name="service">What answers requests that have been read.</param>
    /// <param name="ids">The connection ids, the same for all workers.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="options">How many peers are given.</param>
    /// <param name="ipv4Counters">Count what comes from IPv4 addresses.</param>
    /// <param name="ipv6Counters">Count what comes from IPv6 addresses.</param>
    /// <param name="seed">Chooses by how much the intervals differ.</param>
    public UdpExchange(
        TrackerService service,
        ConnectionIds ids,
        TrackerClock clock,
        TrackerOptions options,
        RequestCounters ipv4Counters,
        RequestCounters ipv6Counters,
        ulong seed)
    {
        _service = service;
        _ids = ids;
        _clock = clock;
        _ipv4Counters = ipv4Counters;
        _ipv6Counters = ipv6Counters;
        _maxNumWant = options.MaxNumWant;
        _defaultNumWant = options.DefaultNumWant;
        _random = seed;
    }

    private static ReadOnlySpan<byte> IdMismatch => "Connection ID mismatch."u8;

    private static ReadOnlySpan<byte> ScrapeLength => "The scrape is not a row of info-hashes."u8;

    /// <summary>
    /// A hint that this datagram is about to be answered, so that the memory of its swarm can be fetched meanwhile; see
    /// <see cref="Swarms.ISwarmStore.Prefetch"/>.
    /// </summary>
    /// <param name="packet">The datagram.</param>
    /// <param name="source">The address it came from.</param>
    /// <param name="step">0, 1 or 2.</param>
    public void Prefetch(ReadOnlySpan<byte> packet, in ClientAddress source, int step)
    {
        // Announces and scrapes have an info-hash in the same place; of several the first is enough.
        const int HashAt = UdpRequestHeader.WireLength;
        if (packet.Length >= UdpAnnounceRequest.WireLength)
        {
            var announce = new AnnouncePacket(packet);
            _service.Swarms.Prefetch(announce.InfoHash, source.AtPort(announce.Port), announce.IsSeeder, step);
        }
        else if (packet.Length >= HashAt + InfoHash.Length)
        {
            _service.Swarms.Prefetch(MemoryMarshal.AsRef<InfoHash>(packet.Slice(HashAt, InfoHash.Length)), source.AtPort(0), isSeeder: false, step);
        }
    }

    /// <summary>Answers a datagram.</summary>
    /// <param name="packet">The datagram, of which no more than one byte beyond <see cref="MaxRequestLength"/> is needed.</param>
    /// <param name="source">The address it came from.</param>
    /// <param name="sourcePort">The port it came from.</param>
    /// <param name="reply">Where the answer is written, at least <see cref="MaxReplyLength"/> bytes, none of them in <paramref name="packet"/>.</param>
    /// <returns>The length of the answer, or zero for none.</returns>
    public int Answer(ReadOnlySpan<byte> packet, in ClientAddress source, ushort sourcePort, Span<byte> reply)
    {
        RequestCounters counters = source.IsIPv6 ? _ipv6Counters : _ipv4Counters;
        counters.BytesReceived += packet.Length;
        if (sourcePort == 0 || _service.IsIgnored(source))
        {
            counters.Dropped++;
            return 0;
        }

        if (packet.Length > MaxRequestLength || !UdpRequestHeader.TryParse(packet, out UdpRequestHeader header))
        {
            counters.Malformed++;
            return 0;
        }

        reply = reply[..MaxReplyLength];
        int length;
        switch (header.Action)
        {
            case UdpAction.Announce when packet.Length >= UdpAnnounceRequest.WireLength:
                length = Announce(header, packet, source, reply, counters);
                break;
            case UdpAction.Connect when header.ConnectionId == UdpConnectRequest.ProtocolId:
                new UdpConnectResponse(header.TransactionId, _ids.Issue(source, _clock.Seconds)).Write(reply);
                length = UdpConnectResponse.WireLength;
                counters.Connects++;
                break;
            case UdpAction.Scrape:
                length = Scrape(header, packet, source, reply, counters);
                break;
            default:
                counters.Malformed++;
                return 0;
        }

        counters.BytesSent += length;
        return length;
    }

    /// <summary>Counts a datagram that is not answered for where it was sent.</summary>
    /// <returns>The length of the answer: none.</returns>
    public int Drop(in ClientAddress source) => Drop(source.IsIPv6 ? _ipv6Counters : _ipv4Counters);

    private int Announce(
        in UdpRequestHeader header, ReadOnlySpan<byte> packet, in ClientAddress source, Span<byte> reply, RequestCounters counters)
    {
        if (!_ids.IsValid(header.ConnectionId, source, _clock.Seconds))
            return Refuse(header.TransactionId, IdMismatch, reply, counters);

        var request = new AnnouncePacket(packet);
        int numWant = request.NumWant < 0 ? _defaultNumWant : Math.Min(request.NumWant, _maxNumWant);
        Span<byte> room = reply[UdpAnnounceResponse.HeaderLength..];
        int peerLength = source.IsIPv6 ? CompactPeer.IPv6Length : CompactPeer.IPv4Length;
        room = room[..(Math.Min(numWant, room.Length / peerLength) * peerLength)];

        var announce = new PeerAnnounce(
            request.InfoHash, source.AtPort(request.Port), PeerKey.Of(request.Key, request.PeerId), request.Event, request.IsSeeder);
        Refusal refusal = _service.Announce(
            announce,
            request.PeerId,
            source,
            PathOf(packet),
            ipv4Peers: source.IsIPv6 ? [] : room,
            ipv6Peers: source.IsIPv6 ? room : [],
            out AnnounceResult result);
        if (refusal != Refusal.None)
            return Refuse(header.TransactionId, refusal, reply, counters);

        _random = (_random * 6364136223846793005) + 1442695040888963407;
        int interval = _service.NextInterval((uint)(_random >> 32));
        new UdpAnnounceResponse(header.TransactionId, interval, result.Counts.Leechers, result.Counts.Seeders).Write(reply);
        counters.Announces++;
        return UdpAnnounceResponse.HeaderLength + (source.IsIPv6 ? result.IPv6Bytes : result.IPv4Bytes);
    }

    /// <summary>The path and query of the URL by which the client knows this tracker, or empty where it does not say (BEP 41).</summary>
    private ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length == UdpAnnounceRequest.WireLength)
            return default;

        UdpOptionReader.TryReadUrl(packet[UdpAnnounceRequest.WireLength..], _path, out int length);
        return _path.AsSpan(0, length);
    }

    private int Scrape(
        in UdpRequestHeader header, ReadOnlySpan<byte> packet, in ClientAddress source, Span<byte> reply, RequestCounters counters)
    {
        if (!_ids.IsValid(header.ConnectionId, source, _clock.Seconds))
            return IdMismatch.Length + UdpResponseHeader.WireLength <= packet.Length ? Refuse(header.TransactionId, IdMismatch, reply, counters) : Drop(counters);

        int hashBytes = packet.Length - UdpRequestHeader.WireLength;
        if (hashBytes % InfoHash.Length != 0 || !UdpScrapeRequest.TryParse(packet, out UdpScrapeRequest request))
            return Refuse(header.TransactionId, ScrapeLength, reply, counters);

        new UdpResponseHeader(UdpAction.Scrape, header.TransactionId).Write(reply);
        for (int i = 0; i < request.Count; i++)
        {
            Refusal refusal = _service.Scrape(request[i], source, path: default, out SwarmCounts counts);

            // A swarm that is not served is one nobody knows; the others of the same request are told all the same.
            if (refusal is not (Refusal.None or Refusal.TorrentNotAllowed or Refusal.TorrentDenied))
                return Refuse(header.TransactionId, refusal, reply, counters);

            new ScrapeEntry(counts.Seeders, counts.Completed, counts.Leechers).Write(reply[UdpScrapeResponse.WireLengthOf(i)..]);
        }

        counters.Scrapes++;
        return UdpScrapeResponse.WireLengthOf(request.Count);
    }

    private static int Refuse(uint transactionId, Refusal refusal, Span<byte> reply, RequestCounters counters) =>
        refusal == Refusal.Ignored ? Drop(counters) : Refuse(transactionId, RefusalText.Of(refusal), reply, counters);

    private static int Refuse(uint transactionId, ReadOnlySpan<byte> message, Span<byte> reply, RequestCounters counters)
    {
        counters.Refused++;
        return UdpErrorResponse.Write(reply, transactionId, message);
    }

    private static int Drop(RequestCounters counters)
    {
        counters.Dropped++;
        return 0;
    }
}
