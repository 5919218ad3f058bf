using System.Buffers.Binary;
using System.Net;
using OurTorrent.Fuzz.Running;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Fuzz.Trackers;

/// <summary>
/// Requests to four trackers, whatever these say to them, and the time that passes. The first byte of the input holds switches;
/// each step is a byte, of which the low three bits choose what happens and the others to whom, and then what the step needs.
/// </summary>
internal sealed class UdpTrackerScript
{
    private const int MaxRequests = 40;
    private const int MaxSteps = 500;
    private const int MaxWaits = 2000;

    private static readonly IPEndPoint[] Trackers =
    [
        new(IPAddress.Parse("192.0.2.1"), 80),
        new(IPAddress.Parse("192.0.2.1"), 81),
        new(IPAddress.Parse("192.0.2.2"), 80),
        new(IPAddress.Parse("2001:db8::1"), 80),
    ];

    private readonly InputReader _input;
    private readonly UdpTrackerExchange _exchange;
    private readonly List<UdpRequest> _requests = [];
    private readonly Dictionary<IPEndPoint, HashSet<ulong>> _given = [];
    private readonly Dictionary<IPEndPoint, List<uint>> _asked = [];
    private readonly bool _beginsAnother;
    private readonly bool _cannotSend;
    private uint _lastTransactionId;
    private TimeSpan _now;
    private int _sent;
    private int _mayBeSent;

    public UdpTrackerScript(byte[] input)
    {
        _input = new InputReader(input);
        byte switches = _input.Byte();
        _beginsAnother = (switches & 1) != 0;
        _cannotSend = (switches & 2) != 0;
        _lastTransactionId = (switches & 4) != 0 ? uint.MaxValue - 3 : 0;
        _exchange = new UdpTrackerExchange(Send, () => ++_lastTransactionId, new UdpExchangeOptions());
        foreach (IPEndPoint tracker in Trackers)
        {
            _given[tracker] = [];
            _asked[tracker] = [];
        }
    }

    private int Open => _requests.Count(request => !request.IsOver);

    /// <summary>Runs the script, and then lets time pass until nobody waits any more.</summary>
    public void Run()
    {
        for (int step = 0; step < MaxSteps && !_input.IsAtEnd; step++)
            Step(_input.Byte());

        for (int waits = 0; _exchange.NextWake is { } wake; waits++)
        {
            Promise.That(waits < MaxWaits, "nobody waits for ever");
            Promise.That(wake >= _now, "a wake lies ahead");
            Advance(wake);
        }

        foreach (UdpRequest request in _requests)
            Promise.That(request.IsOver, "every request has an outcome");
    }

    private void Step(byte step)
    {
        IPEndPoint tracker = Trackers[(step >> 3) & 3];
        bool other = (step & 0x20) != 0;
        switch (step & 7)
        {
            case 0:
                Begin(tracker, scrape: other ? _input.Byte() % (UdpScrapeRequest.MaxCount + 1) : 0);
                break;
            case 1:
                Advance(_now + TimeSpan.FromSeconds(_input.Byte() * (other ? 10 : 0.5)));
                break;
            case 2 when _exchange.NextWake is { } wake:
                Advance(wake);
                break;
            case 3:
                Answer(tracker, UdpAction.Connect, other);
                break;
            case 4:
                Answer(tracker, UdpAction.Announce, other);
                break;
            case 5:
                Answer(tracker, other ? UdpAction.Scrape : UdpAction.Error, late: false);
                break;
            case 6:
                Deliver(_input.Counted().ToArray(), tracker);
                break;
            case 7 when _requests.Count > 0:
                UdpRequest request = _requests[_input.Byte() % _requests.Count];
                _mayBeSent += 2;
                request.IsCancelled = true;
                _exchange.Cancel(request.Transaction, _now);
                break;
        }
    }

    private void Begin(IPEndPoint tracker, int scrape)
    {
        if (_requests.Count == MaxRequests)
            return;

        var request = new UdpRequest(tracker, scrape, WhenOver);
        _requests.Add(request);
        _mayBeSent += 2;
        _exchange.Begin(request.Transaction, _now);
    }

    private void WhenOver(UdpRequest request)
    {
        if (_beginsAnother)
            Begin(request.Transaction.Remote, scrape: 0);
    }

    private void Advance(TimeSpan to)
    {
        _now = to;
        _mayBeSent += (2 * Open) + 2;
        _exchange.Advance(_now);
    }

    /// <summary>Something from a tracker, with the number of the last request it was sent, or of the one before.</summary>
    private void Answer(IPEndPoint tracker, UdpAction action, bool late)
    {
        ReadOnlySpan<byte> body = _input.Counted();
        List<uint> asked = _asked[tracker];
        var packet = new byte[UdpResponseHeader.WireLength + body.Length];
        uint id = asked.Count == 0 ? 0 : asked[Math.Max(0, asked.Count - (late ? 2 : 1))];
        new UdpResponseHeader(action, id).Write(packet);
        body.CopyTo(packet.AsSpan(UdpResponseHeader.WireLength));
        Deliver(packet, tracker);
    }

    private void Deliver(byte[] packet, IPEndPoint tracker)
    {
        if (packet.Length >= UdpConnectResponse.WireLength)
            _given[tracker].Add(BinaryPrimitives.ReadUInt64BigEndian(packet.AsSpan(8)));
        _mayBeSent += Open + 2;
        _exchange.OnDatagram(packet, tracker, _now);
    }

    private bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        Promise.That(++_sent <= _mayBeSent, "a tracker cannot have us send more than the requests there are");
        uint id;
        if (UdpConnectRequest.TryParse(datagram, out UdpConnectRequest connect))
        {
            id = connect.TransactionId;
        }
        else
        {
            Promise.That(UdpRequestHeader.TryParse(datagram, out UdpRequestHeader header), "what is sent is a request");
            Promise.That(_given[remote].Contains(header.ConnectionId), "a connection id is used with the tracker that gave it");
            id = header.TransactionId;
        }

        _asked[remote].Add(id);
        return !_cannotSend;
    }
}
