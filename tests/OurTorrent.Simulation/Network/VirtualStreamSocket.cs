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
    private const int MaxPacket = 16 * 1024;
    private const int MaxBuffers = 64;

    private readonly HostNetwork _network;
    private readonly ByteQueue _outgoing = new();
    private readonly ByteQueue _incoming = new();
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
        _handler = handler;
        _state = State.Connecting;
        RemoteEndPoint = remote;
    }

    /// <summary>The end at a listener.</summary>
    private VirtualStreamSocket(HostNetwork network, VirtualStreamSocket client, IPEndPoint local)
    {
        _network = network;
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
        IPAddress? source = local ?? Host.SourceFor(RemoteEndPoint.Address);
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
        foreach (ReadOnlyMemory<byte> buffer in buffers[..Math.Min(buffers.Length, MaxBuffers)])
        {
            hasBytes |= !buffer.IsEmpty;
            int taken = Math.Clamp(buffer.Length, 0, Math.Max(0, room - count));
            _outgoing.Add(buffer[..taken].ToArray());
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

    public bool TryTake(out int length, out Action depart)
    {
        length = (int)Math.Min(Math.Min(_outgoing.Length, MaxPacket), _sendLimit - _sent);
        depart = static () => { };
        if (_channel is null || _wasReset)
            return false;
        if (length > 0)
        {
            byte[] packet = new byte[length];
            _outgoing.Take(packet);
            _sent += length;
            _network.Attend(this);
            depart = () => Wire.Send(_channel, packet.Length, () => _peer!.OnData(packet));
            if (Host == _peer!.Host)
                length = 0;
            return true;
        }

        if (!_finDue || _outgoing.Length > 0)
            return false;
        _finDue = false;
        depart = () => Wire.Send(_channel, 0, () => _peer!.OnFin());
        return true;
    }

    /// <summary>Sends a packet without bytes that everything else comes behind.</summary>
    public void SendFirst(Action deliver) => Wire.Send(_channel!, 0, deliver);

    /// <summary>Breaks the connection, as a host does that does not know it.</summary>
    public void SendReset()
    {
        if (_channel is null || _wasReset)
            return;
        _wasReset = true;
        Wire.Send(_channel, 0, _peer!.OnReset);
    }

    private void OnData(byte[] packet)
    {
        Wire.Trace.Add("data", _peer!.LocalEndPoint!, LocalEndPoint, packet.Length);
        if (_state == State.Closed)
        {
            SendReset();
            return;
        }

        _incoming.Add(packet);
        _network.Attend(this);
    }

    private void OnFin()
    {
        Wire.Trace.Add("fin", _peer!.LocalEndPoint!, LocalEndPoint);
        _finArrived = true;
        _network.Attend(this);
    }

    private void OnReset()
    {
        Wire.Trace.Add("reset", _peer!.LocalEndPoint!, LocalEndPoint);
        _wasReset = true;
        _outgoing.Clear();
        _network.Attend(this);
    }

    private void OnRoom(long limit)
    {
        _sendLimit = Math.Max(_sendLimit, limit);
        Host.Uplink.Enter(this);
    }

    /// <summary>Says how much room there is, when a good part of it is new.</summary>
    private void Announce()
    {
        if (_read - _announced < Host.Options.ReceiveBuffer / 4)
            return;
        _announced = _read;
        long limit = _read + Host.Options.ReceiveBuffer;
        Wire.Send(_channel!, 0, () => _peer!.OnRoom(limit));
    }

    private SocketStatus Fail(SocketError error)
    {
        Error = error;
        return SocketStatus.Failed;
    }
}
