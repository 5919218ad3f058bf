using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network.Managed;

/// <summary>A UDP socket over the managed one.</summary>
internal sealed class ManagedDatagramSocket : ManagedSocket, IDatagramSocket
{
    // SIO_UDP_CONNRESET: whether an ICMP answer to one datagram fails the next receive.
    private const int ReportResets = unchecked((int)0x9800000C);

    private readonly Socket _socket;
    private readonly IDatagramHandler _handler;
    private readonly ManagedOperation _receive;
    private readonly byte[] _buffer = new byte[65536];
    private readonly IPEndPoint _anyone;

    public ManagedDatagramSocket(ManagedNetwork network, IPEndPoint local, IDatagramHandler handler)
        : base(network)
    {
        _handler = handler;
        bool isV6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        _anyone = new IPEndPoint(isV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            if (OperatingSystem.IsWindows())
                _socket.IOControl(ReportResets, [0, 0, 0, 0], null);
            _socket.Bind(local);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _receive = new ManagedOperation(this);
        _receive.SetBuffer(_buffer);
        Receive();
    }

    public IPEndPoint LocalEndPoint { get; }

    public bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        if (IsClosed || remote.AddressFamily != _anyone.AddressFamily)
            return false;
        try
        {
            return _socket.SendTo(datagram, SocketFlags.None, remote) == datagram.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public override void OnCompleted(ManagedOperation operation)
    {
        operation.IsPending = false;
        if (IsClosed)
        {
            operation.Dispose();
            return;
        }

        switch (operation.SocketError)
        {
            case SocketError.Success:
                try
                {
                    if (operation.RemoteEndPoint is IPEndPoint remote)
                        _handler.OnDatagram(_buffer.AsSpan(0, operation.BytesTransferred), remote);
                }
                finally
                {
                    Resume();
                }

                return;
            case SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable or SocketError.MessageSize:
                // An error an earlier datagram met on its way (ICMP), or a datagram longer than any can be.
                Receive();
                return;
            default:
                Network.ResumeLater(this);
                return;
        }
    }

    public override void Resume()
    {
        if (!IsClosed)
            Receive();
    }

    protected override void Release()
    {
        _receive.Dispose();
        _socket.Dispose();
    }

    private void Receive()
    {
        _receive.RemoteEndPoint = _anyone;
        bool isUnderWay = false;
        try
        {
            isUnderWay = _socket.ReceiveFromAsync(_receive);
        }
        catch (SocketException e)
        {
            _receive.SocketError = e.SocketErrorCode;
        }

        Begun(_receive, isUnderWay);
    }
}
