using System.Net;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker.Tests.Udp;

/// <summary>An exchange without sockets, and a client that speaks to it.</summary>
internal sealed class ExchangeRig : IDisposable
{
    public const uint TransactionId = 0xfeedf00d;

    private readonly TrackerClock _clock;
    private readonly UdpExchange _exchange;

    public ExchangeRig(CannedSwarms? swarms = null, SetAccess? access = null, TrackerOptions? options = null, string client = "192.0.2.1")
    {
        Swarms = swarms ?? new CannedSwarms();
        Access = access ?? new SetAccess();
        Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        _clock = new TrackerClock(Time);
        Client = ClientAddress.From(IPAddress.Parse(client));
        var interval = new AnnounceInterval(TimeSpan.FromSeconds(1800));
        _exchange = new UdpExchange(
            new TrackerService(Swarms, Access, interval), new ConnectionIds([]), _clock, options ?? new TrackerOptions(), IPv4, IPv6, seed: 1);
    }

    public CannedSwarms Swarms { get; }

    public SetAccess Access { get; }

    public FakeTimeProvider Time { get; }

    /// <summary>Where the client is.</summary>
    public ClientAddress Client { get; set; }

    public ushort ClientPort { get; set; } = 50_000;

    public RequestCounters IPv4 { get; } = new();

    public RequestCounters IPv6 { get; } = new();

    public static InfoHash Hash(int number)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        bytes.Fill((byte)number);
        return new InfoHash(bytes);
    }

    public static byte[] ConnectRequest()
    {
        byte[] packet = new byte[UdpConnectRequest.WireLength];
        new UdpConnectRequest(TransactionId).Write(packet);
        return packet;
    }

    public static byte[] ScrapeRequest(ulong id, params InfoHash[] hashes)
    {
        byte[] packet = new byte[UdpScrapeRequest.WireLengthOf(hashes.Length)];
        UdpScrapeRequest.Write(packet, id, TransactionId, hashes);
        return packet;
    }

    public static UdpAnnounceRequest AnnounceFields(ulong id) => new(
        id, TransactionId, Hash(1), new PeerId("-OT0001-abcdefghijkl"u8), Downloaded: 1, Left: 2, Uploaded: 3, AnnounceEvent.None,
        IPv4Address: 0x01020304, Key: 99, NumWant: -1, Port: 6881);

    public static byte[] AnnounceRequest(UdpAnnounceRequest fields, params byte[] options)
    {
        byte[] packet = [.. new byte[UdpAnnounceRequest.WireLength], .. options];
        fields.Write(packet);
        return packet;
    }

    /// <summary>What is answered; empty for nothing.</summary>
    public byte[] Send(ReadOnlySpan<byte> packet)
    {
        byte[] reply = new byte[UdpExchange.MaxReplyLength + 100];
        reply.AsSpan().Fill(0xcc);
        int length = _exchange.Answer(packet, Client, ClientPort, reply);
        Assert.InRange(length, 0, UdpExchange.MaxReplyLength);
        Assert.True(reply.AsSpan(UdpExchange.MaxReplyLength).IndexOfAnyExcept((byte)0xcc) < 0, "Nothing is written beyond the longest reply.");
        return reply[..length];
    }

    /// <summary>Answers without looking, and allocates nothing.</summary>
    public int Answer(ReadOnlySpan<byte> packet, Span<byte> reply)
    {
        _exchange.Prefetch(packet, Client, step: 0);
        return _exchange.Answer(packet, Client, ClientPort, reply);
    }

    public void Prefetch(ReadOnlySpan<byte> packet) => _exchange.Prefetch(packet, Client, step: 0);

    public ulong Connect()
    {
        Assert.True(UdpConnectResponse.TryParse(Send(ConnectRequest()), out UdpConnectResponse response));
        return response.ConnectionId;
    }

    /// <summary>Announces with a connection id that holds, and what else the test changes.</summary>
    public byte[] Announce(Func<UdpAnnounceRequest, UdpAnnounceRequest>? change = null, params byte[] options)
    {
        UdpAnnounceRequest fields = AnnounceFields(Connect());
        return Send(AnnounceRequest(change is null ? fields : change(fields), options));
    }

    public void Dispose() => _clock.Dispose();
}
