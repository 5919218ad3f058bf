using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OurTorrent.Network.Managed;

/// <summary>
/// A TCP connection over the managed socket. That bytes can be received is learned from a receive of no bytes that ends when
/// there are some. That there is room to send cannot be asked of every system; instead, bytes the system has no room for are
/// copied and sent in the background, one copy at a time, and the socket is writable when none is under way.
/// </summary>
internal sealed class ManagedStreamSocket : ManagedSocket, IStreamSocket
{
    private const int MaxBuffers = 64;
    private const int MaxCopy = 64 * 1024;

    private readonly Socket? _socket;
    private readonly ManagedOperation? _connect;
    private readonly ManagedOperation _receive;
    private IStreamHandler? _handler;
    private ManagedOperation? _send;
    private byte[]? _copy;
    private bool _isReadable;
    private SocketStatus? _end;
    private bool _sendHasFailed;

    /// <summary>A connection that was accepted.</summary>
    public ManagedStreamSocket(ManagedNetwork network, Socket socket)
        : base(network)
    {
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        socket.Blocking = false;
        socket.NoDelay = true;
        _socket = socket;
        _receive = new ManagedOperation(this);
    }

    /// <summary>A connection to be made. Whatever is wrong with it, the handler hears of it in a later poll.</summary>
    public ManagedStreamSocket(ManagedNetwork network, IPEndPoint remote, IPAddress? local, IStreamHandler handler)
        : base(network)
    {
        RemoteEndPoint = remote;
        _handler = handler;
        _receive = new ManagedOperation(this);
        _connect = new ManagedOperation(this) { RemoteEndPoint = remote };
        bool isUnderWay = false;
        try
        {
            _socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
            if (local is not null)
                _socket.Bind(new IPEndPoint(local, 0));
            isUnderWay = _socket.ConnectAsync(_connect);
        }
        catch (SocketException e)
        {
            _connect.SocketError = e.SocketErrorCode;
        }

        Begun(_connect, isUnderWay);
    }

    public IPEndPoint RemoteEndPoint { get; }

    public IPEndPoint? LocalEndPoint => field ??= IsClosed || IsConnecting ? null : _socket?.LocalEndPoint as IPEndPoint;

    public bool WantsRead
    {
        get;
        set
        {
            field = value;
            Network.Attend(this);
        }
    }

    = true;

    public bool WantsWrite
    {
        get;
        set
        {
            field = value;
            Network.Attend(this);
        }
    }

    public SocketError Error { get; private set; }

    /// <summary>Whether the network has it on its list of sockets to attend to.</summary>
    public bool IsAttended { get; set; }

    /// <summary>Whether there is something to tell the handler now.</summary>
    public bool IsReady => CanTalk && ((WantsRead && _isReadable) || (WantsWrite && !IsSending));

    private bool IsConnecting => _connect is { IsPending: true };

    private bool IsSending => _send is { IsPending: true };

    private bool CanTalk => !IsClosed && !IsConnecting && _handler is not null;

    /// <summary>Gives an accepted connection its handler.</summary>
    public void Attach(IStreamHandler handler)
    {
        _handler = handler;
        Network.Attend(this);
    }

    public SocketStatus Receive(Span<byte> buffer, out int count)
    {
        count = 0;
        if (IsClosed)
            return Fail(SocketError.OperationAborted);
        if (_end is { } end)
            return end;
        if (buffer.IsEmpty)
            return SocketStatus.WouldBlock;

        count = _socket!.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error is SocketError.WouldBlock or SocketError.Interrupted)
        {
            _isReadable = false;
            Network.Attend(this);
            return SocketStatus.WouldBlock;
        }

        if (error != SocketError.Success)
            return Fail(error);
        if (count == 0)
        {
            _isReadable = true;
            Network.Attend(this);
            return (_end = SocketStatus.Closed).Value;
        }

        // Less than there was room for was all there is.
        if (count < buffer.Length)
        {
            _isReadable = false;
            Network.Attend(this);
        }

        return SocketStatus.Ok;
    }

    public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
    {
        count = 0;
        buffers = buffers[..Math.Min(buffers.Length, MaxBuffers)];
        if (IsClosed)
            return Fail(SocketError.OperationAborted);
        if (_sendHasFailed)
            return SocketStatus.Failed;
        if (IsSending)
            return SocketStatus.WouldBlock;

        count = SendNow(buffers, out SocketError error);
        if (error == SocketError.Success)
            return SocketStatus.Ok;
        if (error is not (SocketError.WouldBlock or SocketError.Interrupted))
        {
            count = 0;
            return FailSend(error);
        }

        count = SendInBackground(buffers);
        return SocketStatus.Ok;
    }

    /// <summary>Asks the system to say when bytes arrive, if that is wanted and not known.</summary>
    public void Watch()
    {
        if (!CanTalk || !WantsRead || _isReadable || _receive.IsPending)
            return;
        _receive.SetBuffer(Memory<byte>.Empty);
        bool isUnderWay = false;
        try
        {
            isUnderWay = _socket!.ReceiveAsync(_receive);
        }
        catch (SocketException e)
        {
            _receive.SocketError = e.SocketErrorCode;
        }

        Begun(_receive, isUnderWay);
    }

    /// <summary>Tells the handler what there is to tell.</summary>
    public void Dispatch()
    {
        if (WantsRead && _isReadable && CanTalk)
            _handler!.OnReadable();
        if (WantsWrite && !IsSending && CanTalk)
            _handler!.OnWritable();
    }

    public override void OnCompleted(ManagedOperation operation)
    {
        operation.IsPending = false;
        if (operation == _send)
            FinishSend();
        else if (IsClosed)
            operation.Dispose();
        else if (operation == _connect)
            FinishConnect();
        else
            FinishWatch();
    }

    /// <summary>Closes without waiting for what is still being sent.</summary>
    public void Abandon() => _socket?.Dispose();

    protected override void Release()
    {
        if (IsSending)
        {
            // The caller was told that these bytes are taken: the socket lives until the system has them.
            Network.Linger(this);
            return;
        }

        ReleaseSocket();
    }

    private void ReleaseSocket()
    {
        _receive.Dispose();
        _connect?.Dispose();
        _send?.Dispose();
        if (_socket is null)
            return;
        try
        {
            // A socket disposed amid an operation resets the connection unless the end of sending was announced. Where
            // bytes were left unread the reset is due: the other end must not believe they were taken.
            if (!IsConnecting && _socket.Available == 0)
                _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection is gone already.
        }

        _socket.Dispose();
    }

    private void FinishConnect()
    {
        if (_connect!.SocketError != SocketError.Success)
        {
            Error = _connect.SocketError;
            Close();
            _handler?.OnConnectFailed(Error);
            return;
        }

        Network.Attend(this);
        _handler?.OnConnected();
    }

    private void FinishWatch()
    {
        // The error is told once by the system, and this operation has taken it away from the next receive.
        if (_receive.SocketError != SocketError.Success)
            Fail(_receive.SocketError);
        _isReadable = true;
        Network.Attend(this);
    }

    private void FinishSend()
    {
        ArrayPool<byte>.Shared.Return(_copy!);
        _copy = null;
        if (IsClosed)
        {
            Network.EndLinger(this);
            ReleaseSocket();
            return;
        }

        if (_send!.SocketError != SocketError.Success)
            FailSend(_send.SocketError);
        Network.Attend(this);
    }

    private SocketStatus Fail(SocketError error)
    {
        Error = error;
        _isReadable = true;
        _end = SocketStatus.Failed;
        Network.Attend(this);
        return SocketStatus.Failed;
    }

    private SocketStatus FailSend(SocketError error)
    {
        // What has arrived may still be received.
        Error = error;
        _sendHasFailed = true;
        return SocketStatus.Failed;
    }

    private int SendNow(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out SocketError error)
    {
        error = SocketError.Success;
        List<ArraySegment<byte>> segments = Network.Segments;
        segments.Clear();
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            if (buffer.IsEmpty)
                continue;
            if (MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment))
                segments.Add(segment);
            else if (segments.Count == 0)
                return _socket!.Send(buffer.Span, SocketFlags.None, out error);
            else
                break;
        }

        int count = segments.Count switch
        {
            0 => 0,
            1 => _socket!.Send(segments[0].AsSpan(), SocketFlags.None, out error),
            _ => _socket!.Send(segments, SocketFlags.None, out error),
        };
        segments.Clear();
        return count;
    }

    private int SendInBackground(ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        _send ??= new ManagedOperation(this);
        _copy = ArrayPool<byte>.Shared.Rent(MaxCopy);
        int count = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            ReadOnlySpan<byte> taken = buffer.Span[..Math.Min(buffer.Length, MaxCopy - count)];
            taken.CopyTo(_copy.AsSpan(count));
            count += taken.Length;
        }

        _send.SetBuffer(_copy, 0, count);
        bool isUnderWay = false;
        try
        {
            isUnderWay = _socket!.SendAsync(_send);
        }
        catch (SocketException e)
        {
            _send.SocketError = e.SocketErrorCode;
        }

        Begun(_send, isUnderWay);
        return count;
    }
}
