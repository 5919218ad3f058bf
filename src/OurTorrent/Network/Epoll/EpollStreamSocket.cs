using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network.Epoll;

/// <summary>A TCP connection watched by epoll.</summary>
internal sealed unsafe class EpollStreamSocket : EpollSocket, IStreamSocket
{
    private IStreamHandler? _handler;
    private bool _connecting;
    private bool _wantsRead = true;
    private bool _wantsWrite;

    /// <summary>A connection that was accepted.</summary>
    public EpollStreamSocket(EpollNetwork network, int descriptor, IPEndPoint remote)
        : base(network)
    {
        RemoteEndPoint = remote;
        SetOption(descriptor, LibC.LevelTcp, LibC.OptionNoDelay);
        Adopt(descriptor);
    }

    /// <summary>A connection to be made. Whatever is wrong with it, the handler hears of it in a later poll.</summary>
    public EpollStreamSocket(EpollNetwork network, IPEndPoint remote, IPAddress? local, IStreamHandler handler)
        : base(network)
    {
        RemoteEndPoint = remote;
        _handler = handler;
        _connecting = true;

        int descriptor = Open(LibC.TypeStream, remote.AddressFamily);
        if (descriptor >= 0)
        {
            SetOption(descriptor, LibC.LevelTcp, LibC.OptionNoDelay);
            if ((local is null || Bind(descriptor, new IPEndPoint(local, 0))) && BeginConnect(descriptor))
            {
                Adopt(descriptor);
                return;
            }
        }

        Error = LinuxError.ToSocketError(LibC.LastError);
        if (descriptor >= 0)
            _ = LibC.Close(descriptor);
        network.QueueFailure(this);
    }

    public IPEndPoint RemoteEndPoint { get; }

    public IPEndPoint? LocalEndPoint => field ??= Descriptor >= 0 && !_connecting ? GetLocalEndPoint(Descriptor) : null;

    public bool WantsRead
    {
        get => _wantsRead;
        set
        {
            if (_wantsRead == value)
                return;
            _wantsRead = value;
            InterestChanged();
        }
    }

    public bool WantsWrite
    {
        get => _wantsWrite;
        set
        {
            if (_wantsWrite == value)
                return;
            _wantsWrite = value;
            InterestChanged();
        }
    }

    public SocketError Error { get; private set; }

    public override uint Interest =>
        _connecting ? LibC.EventOut
        : _handler is null ? 0
        : (_wantsRead ? LibC.EventIn : 0) | (_wantsWrite ? LibC.EventOut : 0);

    /// <summary>Gives an accepted connection its handler.</summary>
    public void Attach(IStreamHandler handler)
    {
        _handler = handler;
        InterestChanged();
    }

    public SocketStatus Receive(Span<byte> buffer, out int count)
    {
        count = 0;
        if (buffer.IsEmpty)
            return SocketStatus.WouldBlock;
        while (true)
        {
            nint received;
            fixed (byte* pointer = buffer)
                received = LibC.Receive(Descriptor, pointer, (nuint)buffer.Length, 0);
            if (received > 0)
            {
                count = (int)received;
                return SocketStatus.Ok;
            }

            if (received == 0)
                return SocketStatus.Closed;
            if (!IsInterrupted(out SocketStatus status))
                return status;
        }
    }

    public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
    {
        count = 0;
        while (true)
        {
            nint sent = buffers.Length switch
            {
                0 => 0,
                1 => SendOne(buffers[0].Span),
                _ => Network.Gather.Send(Descriptor, buffers),
            };
            if (sent >= 0)
            {
                count = (int)sent;
                return SocketStatus.Ok;
            }

            if (!IsInterrupted(out SocketStatus status))
                return status;
        }
    }

    public override void Dispatch(uint events)
    {
        if (_connecting)
        {
            FinishConnect();
            return;
        }

        const uint Ended = LibC.EventError | LibC.EventHangUp;
        if (_wantsRead && (events & (LibC.EventIn | Ended)) != 0)
            _handler?.OnReadable();
        if (!IsClosed && _wantsWrite && (events & (LibC.EventOut | Ended)) != 0)
            _handler?.OnWritable();
    }

    /// <summary>Tells of a connection that failed before it was begun.</summary>
    public void DispatchFailure()
    {
        if (IsClosed)
            return;
        Close();
        _handler?.OnConnectFailed(Error);
    }

    private bool BeginConnect(int descriptor)
    {
        byte* address = stackalloc byte[LinuxSocketAddress.MaxLength];
        int length = LinuxSocketAddress.Write(RemoteEndPoint, new Span<byte>(address, LinuxSocketAddress.MaxLength));
        return LibC.Connect(descriptor, address, (uint)length) == 0 || LibC.LastError is LinuxError.InProgress or LinuxError.Interrupted;
    }

    private void FinishConnect()
    {
        int error;
        uint length = sizeof(int);
        if (LibC.GetOption(Descriptor, LibC.LevelSocket, LibC.OptionError, &error, &length) != 0)
            error = LibC.LastError;
        if (error != 0)
        {
            Error = LinuxError.ToSocketError(error);
            DispatchFailure();
            return;
        }

        _connecting = false;
        InterestChanged();
        _handler?.OnConnected();
    }

    private nint SendOne(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
            return bytes.IsEmpty ? 0 : LibC.Send(Descriptor, pointer, (nuint)bytes.Length, LibC.MessageNoSignal);
    }

    /// <summary>Reads the error of the call that just failed.</summary>
    /// <returns>Whether the call is to be made again.</returns>
    private bool IsInterrupted(out SocketStatus status)
    {
        int error = LibC.LastError;
        status = SocketStatus.WouldBlock;
        if (error is LinuxError.TryAgain or LinuxError.Interrupted)
            return error == LinuxError.Interrupted;

        Debug.Assert(error != 0, "A call that failed leaves its reason.");
        Error = LinuxError.ToSocketError(error);
        status = SocketStatus.Failed;
        return false;
    }
}
