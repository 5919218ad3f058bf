using System.Buffers.Binary;
using System.Net;
using OurTorrent.Fuzz.Running;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Fuzz.Tracking;

/// <summary>
/// Clients at four addresses, what they send to a tracker, and the time that passes. Each step is a byte, of which the low three bits choose
/// what happens, the next two who does it, and the next whether without a connection id that holds; then what the step needs.
/// </summary>
internal sealed class UdpFrontScript : IDisposable
{
    private const int MaxSteps = 200;
    private const int Torrents = 5;
    private const uint TransactionId = 0xfeedf00d;

    private static readonly ClientAddress[] Clients =
    [
        ClientAddress.From(IPAddress.Parse("192.0.2.1")),
        ClientAddress.From(IPAddress.Parse("::ffff:192.0.2.2")),
        ClientAddress.From(IPAddress.Parse("2001:db8::1")),
        ClientAddress.From(IPAddress.Parse("2001:db8::2")),
    ];

    private readonly InputReader _input;
    private readonly FuzzTime _time = new();
    private readonly ComparedSwarms _swarms;
    private readonly PathAccess _access = new(denied: HashOf(Torrents - 1));
    private readonly TrackerClock _clock;
    private readonly RequestCounters _ipv4 = new();
    private readonly RequestCounters _ipv6 = new();
    private readonly UdpExchange _exchange;
    private readonly List<(ClientAddress Client, ulong Id, DateTimeOffset At)> _given = [];
    private readonly byte[] _reply = new byte[UdpExchange.MaxReplyLength];
    private byte[] _last = [];
    private long _packets;
    private long _bytes;

    public UdpFrontScript(byte[] input)
    {
        _input = new InputReader(input);
        _swarms = new ComparedSwarms(_time);
        _clock = new TrackerClock(_time);
        var service = new TrackerService(_swarms, _access, new AnnounceInterval(TimeSpan.FromSeconds(1800)));
        var options = new TrackerOptions { DefaultNumWant = 5, MaxNumWant = (_input.Byte() & 1) == 0 ? 10 : 1000 };
        _exchange = new UdpExchange(service, new ConnectionIds("0123456789abcdef"u8), _clock, options, _ipv4, _ipv6, seed: 1);
    }

    public void Run()
    {
        for (int step = 0; step < MaxSteps && !_input.IsAtEnd; step++)
            Step(_input.Byte());

        Promise.Same(_packets, Count(_ipv4) + Count(_ipv6), "every datagram is counted once");
        Promise.Same(_bytes, _ipv4.BytesReceived + _ipv6.BytesReceived, "every byte is counted");
    }

    public void Dispose()
    {
        _clock.Dispose();
        _swarms.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static long Count(RequestCounters counters) =>
        counters.Connects + counters.Announces + counters.Scrapes + counters.Refused + counters.Dropped + counters.Malformed;

    private static InfoHash HashOf(int index)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        bytes.Fill((byte)index);
        return new InfoHash(bytes);
    }

    private void Step(byte step)
    {
        ClientAddress client = Clients[(step >> 3) & 3];
        bool withoutId = (step & 0x20) != 0;
        switch (step & 7)
        {
            case 0:
                Connect(client, padding: withoutId ? _input.Counted() : []);
                break;
            case 1:
                Announce(client, withoutId);
                break;
            case 2:
                Scrape(client, withoutId);
                break;
            case 3:
                Send(_input.Counted().ToArray(), client);
                break;
            case 4:
                byte[] packet = _input.Counted().ToArray();
                if (packet.Length >= sizeof(ulong))
                    BinaryPrimitives.WriteUInt64BigEndian(packet, IdOf(client));
                Send(packet, client);
                break;
            case 5:
                _time.Advance(TimeSpan.FromSeconds(_input.Byte()));
                break;
            case 6:
                Send(_last[..Math.Min(_last.Length, _input.Byte() * 8)], client);
                break;
            case 7:
                Send(_last, client);
                break;
        }
    }

    private void Connect(ClientAddress client, ReadOnlySpan<byte> padding)
    {
        byte[] packet = [.. new byte[UdpConnectRequest.WireLength], .. padding];
        new UdpConnectRequest(TransactionId).Write(packet);
        Send(packet, client);
    }

    private void Announce(ClientAddress client, bool withoutId)
    {
        byte flags = _input.Byte();
        byte port = _input.Byte();
        var request = new UdpAnnounceRequest(
            withoutId ? 0 : IdOf(client),
            TransactionId,
            HashOf((flags & 7) % Torrents),
            new PeerId("-OT0001-abcdefghijkl"u8),
            Downloaded: 0,
            Left: (flags & 8) != 0 ? 0 : 1,
            Uploaded: 0,
            (AnnounceEvent)((flags >> 4) & 3),
            IPv4Address: 0,
            Key: (uint)(flags >> 6),
            NumWant: (sbyte)_input.Byte(),
            Port: port);
        byte[] packet = [.. new byte[UdpAnnounceRequest.WireLength], .. _input.Counted()];
        request.Write(packet);
        Send(packet, client);
    }

    private void Scrape(ClientAddress client, bool withoutId)
    {
        InfoHash[] hashes = [.. Enumerable.Range(_input.Byte(), 1 + (_input.Byte() % UdpScrapeRequest.MaxCount)).Select(index => HashOf(index % (Torrents + 1)))];
        byte[] packet = new byte[UdpScrapeRequest.WireLengthOf(hashes.Length)];
        UdpScrapeRequest.Write(packet, withoutId ? 0 : IdOf(client), TransactionId, hashes);
        Send(packet, client);
    }

    /// <summary>The last id given to a client, also one that does not hold any more; zero where it has none.</summary>
    private ulong IdOf(ClientAddress client) => _given.LastOrDefault(given => given.Client == client).Id;

    private void Send(byte[] packet, ClientAddress client)
    {
        _last = packet;
        _packets++;
        _bytes += packet.Length;
        int announces = _swarms.Announces;
        _exchange.Prefetch(packet, client, step: 0);
        int length = _exchange.Answer(packet, client, sourcePort: 6881, _reply);
        Promise.That(length is >= 0 and <= UdpExchange.MaxReplyLength, "a reply is within its limit");
        ReadOnlySpan<byte> reply = _reply.AsSpan(0, length);

        bool isKnown = Holds(packet, client);
        Promise.That(isKnown || length <= packet.Length, "who has no id is not sent more than came from there");
        Promise.That(isKnown || _swarms.Announces == announces, "who has no id changes nothing");
        if (reply.IsEmpty)
            return;

        Promise.That(UdpRequestHeader.TryParse(packet, out UdpRequestHeader asked), "only a request is answered");
        Promise.That(UdpResponseHeader.TryParse(reply, out UdpResponseHeader answered), "an answer has a header");
        Promise.Same(asked.TransactionId, answered.TransactionId, "the answer is to this request");
        Promise.That(answered.Action == asked.Action || answered.Action == UdpAction.Error, "the answer is what was asked for, or an error");
        Promise.That(answered.Action is UdpAction.Connect or UdpAction.Error || isKnown, "only who has an id is told anything");
        Check(packet, client, reply, answered.Action);
    }

    private bool Holds(byte[] packet, ClientAddress client) =>
        packet.Length >= sizeof(ulong) && _given.Any(given =>
            given.Client == client && given.Id == BinaryPrimitives.ReadUInt64BigEndian(packet) &&
            _time.GetUtcNow() - given.At <= TimeSpan.FromSeconds(ConnectionIds.Lifetime));

    private void Check(byte[] packet, ClientAddress client, ReadOnlySpan<byte> reply, UdpAction action)
    {
        switch (action)
        {
            case UdpAction.Connect:
                Promise.That(UdpConnectResponse.TryParse(reply, out UdpConnectResponse connected) && reply.Length == UdpConnectResponse.WireLength, "an id is given");
                _given.Add((client, connected.ConnectionId, _time.GetUtcNow()));
                break;
            case UdpAction.Announce:
                Promise.That(UdpAnnounceResponse.TryParse(reply, client.IsIPv6, out UdpAnnounceResponse response, out CompactPeers peers), "an announce is answered");
                Promise.That(UdpAnnounceRequest.TryParse(packet, out UdpAnnounceRequest request), "only an announce is answered like one");
                Promise.Same(UdpAnnounceResponse.HeaderLength + (peers.Count * (client.IsIPv6 ? 18 : 6)), reply.Length, "peers are whole");
                Promise.That(peers.Count <= (request.NumWant < 0 ? 5 : request.NumWant), "no more peers are given than wanted");
                Promise.That(response.Interval is >= 1800 and <= 1980, "the interval is the one that is set");
                Promise.Same(client.AtPort(request.Port), _swarms.Announced.Peer, "the peer is where its datagram came from");
                Promise.That(PathOf(packet).SequenceEqual(_access.Path), "the path is what the options say");
                break;
            case UdpAction.Scrape:
                Promise.Same(UdpScrapeResponse.WireLengthOf((packet.Length - UdpRequestHeader.WireLength) / InfoHash.Length), reply.Length, "all are told");
                break;
            default:
                Promise.That(reply.Length > UdpResponseHeader.WireLength, "an error has words");
                break;
        }
    }

    /// <summary>What the options of an announce say, read the plain way (BEP 41).</summary>
    private static byte[] PathOf(byte[] packet)
    {
        List<byte> path = [];
        for (int at = UdpAnnounceRequest.WireLength; at < packet.Length && packet[at] != 0;)
        {
            if (packet[at] == 1)
            {
                at++;
                continue;
            }

            if (at + 1 >= packet.Length || at + 2 + packet[at + 1] > packet.Length)
                break;

            if (packet[at] == 2)
                path.AddRange(packet.AsSpan(at + 2, packet[at + 1]));
            at += 2 + packet[at + 1];
        }

        return [.. path];
    }
}
