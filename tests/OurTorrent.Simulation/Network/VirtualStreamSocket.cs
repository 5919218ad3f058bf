using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

/// <summary>
/// One end of a connection between virtual hosts. What is sent waits in a bounded buffer for its turn on the uplink, and
/// goes no further than the other end has said it has room for: a program that does not read stops the one that sends.
/// </summary>
internal sealed class VirtualStreamSocket : IStreamSocket, IVirtualSocket, IUplinkSource
{
    private const int MaxBuffers = 64;

    private readonly HostNetwork _network;
    private readonly ByteQueue _outgoing;
    private readonly ByteQueue _incoming;
    private IStreamHandler? _handler;
    private State _state;
    private VirtualStreamSocket? _peer;
    private Channel? _channel;
    private long _sent;
    private long _sendLimit;
    private long _read;
    private long _announced;
    private bool _finDue;
    private bool _finArrived;
    private bool _wasReset;
    private bool _isOutcomeDue;

    /// <summary>An end that is to be connected.</summary>
    public VirtualStreamSocket(HostNetwork network, IPEndPoint remote, IStreamHandler handler)
    {
        _network = network;
        _outgoing = new ByteQueue(Wire.Segments);
        _incoming = new ByteQueue(Wire.Segments);
        _handler = handler;
        _state = State.Connecting;
        RemoteEndPoint = remote;
    }

    /// <summary>The end at a listener.</summary>
    private VirtualStreamSocket(HostNetwork network, VirtualStreamSocket client, IPEndPoint local)
    {
        _network = network;
        _outgoing = new ByteQueue(Wire.Segments);
        _incoming = new ByteQueue(Wire.Segments);
        _state = State.Open;
        RemoteEndPoint = client.LocalEndPoint!;
        LocalEndPoint = local;
        Join(client);
    }

    private enum State
    {
        Connecting,
        Open,
        Closed,
    }

    public IPEndPoint RemoteEndPoint { get; }

    public IPEndPoint? LocalEndPoint { get; private set; }

    public bool WantsRead
    {
        get;
        set
        {
            field = value;
            _network.Attend(this);
        }
    }

    = true;

    public bool WantsWrite
    {
        get;
        set
        {
            field = value;
            _network.Attend(this);
        }
    }

    public SocketError Error { get; private set; }

    public bool IsAttended { get; set; }

    public bool IsInLine { get; set; }

    public bool IsReady =>
        _handler is not null
        && (_isOutcomeDue || (_state == State.Open && ((WantsRead && IsReadable) || (WantsWrite && IsWritable))));

    /// <summary>Whether the outcome of <see cref="Connect"/> is open.</summary>
    public bool IsConnecting => _state == State.Connecting && !_isOutcomeDue;

    private VirtualHost Host => _network.Host;

    private VirtualNetwork Wire => Host.Network;

    private bool IsReadable => _incoming.Length > 0 || _finArrived || _wasReset;

    // As Linux has it: told again only once a third of the buffer is free.
    private bool IsWritable => _wasReset || _outgoing.Length <= Host.Options.SendBuffer * 2 / 3;

    /// <summary>Begins to connect.</summary>
    public void Connect(IPAddress? local)
    {
        IPAddress? source = local is null || VirtualHost.IsAny(local) ? Host.SourceFor(RemoteEndPoint.Address) : local;
        if (source is null)
            Conclude(SocketError.NetworkUnreachable);
        else if (source.AddressFamily != RemoteEndPoint.AddressFamily)
            Conclude(SocketError.AddressFamilyNotSupported);
        else if (!Host.Has(source))
            Conclude(SocketError.AddressNotAvailable);
        else
        {
            LocalEndPoint = new IPEndPoint(source, Host.TakePort());
            new Handshake(Wire, Host, this).Begin();
        }
    }

    /// <summary>Makes the other end of a connection, on the host that is connected to.</summary>
    public VirtualStreamSocket Answer(HostNetwork network, IPEndPoint local) => new(network, this, local);

    /// <summary>Ties the end that connects to the one that answered.</summary>
    public void Join(VirtualStreamSocket peer)
    {
        _peer = peer;
        _channel = new Channel(Host, peer.Host);
        _sendLimit = peer.Host.Options.ReceiveBuffer;
    }

    /// <summary>Notes how connecting went; the handler hears of it in the next poll.</summary>
    public void Conclude(SocketError outcome)
    {
        if (!IsConnecting)
            return;
        Error = outcome;
        _isOutcomeDue = true;
        _network.Attend(this);
    }

    /// <summary>Gives an accepted connection its handler.</summary>
    public void Attach(IStreamHandler handler)
    {
        if (_state == State.Closed)
            return;
        _handler = handler;
        _network.Add(this);
        _network.Attend(this);
    }

    public SocketStatus Receive(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_state != State.Open)
            return Fail(SocketError.OperationAborted);
        if (buffer.IsEmpty)
            return SocketStatus.WouldBlock;
        count = _incoming.Take(buffer);
        if (count > 0)
        {
            _read += count;
            Announce();
            return SocketStatus.Ok;
        }

        return _wasReset ? Fail(SocketError.ConnectionReset) : _finArrived ? SocketStatus.Closed : SocketStatus.WouldBlock;
    }

    public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
    {
        count = 0;
        if (_state != State.Open)
            return Fail(SocketError.OperationAborted);
        if (_wasReset)
            return Fail(SocketError.ConnectionReset);

        int room = Host.Options.SendBuffer - _outgoing.Length;
        bool hasBytes = false;
        buffers = buffers[..Math.Min(buffers.Length, MaxBuffers)];
        int rest = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
            rest += buffer.Length;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            hasBytes |= !buffer.IsEmpty;
            int taken = Math.Clamp(buffer.Length, 0, Math.Max(0, room - count));
            rest -= buffer.Length;
            _outgoing.Add(buffer.Span[..taken], rest);
            count += taken;
        }

        if (count > 0)
            Host.Uplink.Enter(this);
        return count > 0 || !hasBytes ? SocketStatus.Ok : SocketStatus.WouldBlock;
    }

    public void Close()
    {
        if (_state == State.Closed)
            return;
        State before = _state;
        _state = State.Closed;
        _isOutcomeDue = false;
        _network.Remove(this);
        if (_channel is null || _wasReset)
            return;

        if (_incoming.Length > 0 || before == State.Connecting)
        {
            // The other end must not believe that these bytes were taken, or that it was accepted by anybody.
            _incoming.Clear();
            _outgoing.Clear();
            SendReset();
            return;
        }

        _finDue = true;
        Host.Uplink.Enter(this);
    }

    public void Dispatch()
    {
        if (_isOutcomeDue)
        {
            _isOutcomeDue = false;
            if (Error == SocketError.Success)
            {
                _state = State.Open;
                _network.Attend(this);
                _handler!.OnConnected();
                return;
            }

            Close();
            _handler!.OnConnectFailed(Error);
            return;
        }

        if (_state == State.Open && WantsRead && IsReadable)
            _handler!.OnReadable();
        if (_state == State.Open && WantsWrite && IsWritable)
            _handler!.OnWritable();
    }

    public bool HasPacket =>
        _channel is not null && !_wasReset && (_outgoing.Length > 0 ? _sendLimit > _sent : _finDue);

    public bool IsNextShort => _outgoing.HeadLength <= Packet.MaxShort;

    public Packet Take()
    {
        if (_outgoing.Length == 0)
        {
            _finDue = false;
            return Wire.TakePacket().Say(_channel!, _peer!, StreamPacketKind.Fin);
        }

        Segment segment = _outgoing.TakeSegment((int)Math.Min(Segment.MaxLength, _sendLimit - _sent));
        _sent += segment.Length;
        _network.Attend(this);
        return Wire.TakePacket().Carry(_channel!, _peer!, segment);
    }

    /// <summary>Sends a packet without bytes that everything else comes behind.</summary>
    public void SendFirst(Action deliver) => Wire.TakePacket().Do(_channel!, deliver).Depart(Wire.Time.Now);

    /// <summary>Breaks the connection, as a host does that does not know it.</summary>
    public void SendReset()
    {
        if (_channel is null || _wasReset)
            return;
        _wasReset = true;
        _outgoing.Clear();
        Say(StreamPacketKind.Reset);
    }

    /// <summary>Breaks the connection in the middle; both ends are told.</summary>
    public void Break()
    {
        if (_peer is null)
            return;
        OnWord(StreamPacketKind.Reset, 0);
        _peer.OnWord(StreamPacketKind.Reset, 0);
    }

    /// <summary>Has nothing arrive any more that either end sends.</summary>
    public void Silence()
    {
        Conclude(SocketError.TimedOut);
        if (_peer?._channel is not { } back)
            return;
        _channel!.IsSilent = true;
        back.IsSilent = true;
    }

    /// <summary>Bytes have arrived.</summary>
    public void OnData(Segment segment)
    {
        Wire.Trace.Add("data", _peer!.LocalEndPoint!, LocalEndPoint, segment.Length);
        if (_state == State.Closed)
        {
            Wire.Segments.Return(segment);
            SendReset();
            return;
        }

        _incoming.Add(segment);
        _network.Attend(this);
    }

    /// <summary>A packet without bytes has arrived.</summary>
    public void OnWord(StreamPacketKind kind, long limit)
    {
        switch (kind)
        {
            case StreamPacketKind.Room:
                _sendLimit = Math.Max(_sendLimit, limit);
                Host.Uplink.Enter(this);
                return;
            case StreamPacketKind.Fin:
                _finArrived = true;
                break;
            default:
                _wasReset = true;
                _outgoing.Clear();
                break;
        }

        Wire.Trace.Add(kind == StreamPacketKind.Fin ? "fin" : "reset", _peer!.LocalEndPoint!, LocalEndPoint);
        _network.Attend(this);
    }

    /// <summary>Says how much room there is, when a good part of it is new.</summary>
    private void Announce()
    {
        if (_read - _announced < Host.Options.ReceiveBuffer / 4)
            return;
        _announced = _read;
        Say(StreamPacketKind.Room, _read + Host.Options.ReceiveBuffer);
    }

    private void Say(StreamPacketKind kind, long limit = 0) =>
        Wire.TakePacket().Say(_channel!, _peer!, kind, limit).Depart(Wire.Time.Now);

    private SocketStatus Fail(SocketError error)
    {
        Error = error;
        return SocketStatus.Failed;
    }
}
