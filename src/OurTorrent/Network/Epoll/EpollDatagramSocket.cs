using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network.Epoll;

/// <summary>A UDP socket watched by epoll.</summary>
internal sealed unsafe class EpollDatagramSocket : EpollSocket, IDatagramSocket
{
    private const int MaxDatagramsPerTurn = 128;

    private readonly IDatagramHandler _handler;
    private readonly EndPointCache _remotes = new();
    private readonly bool _isV6;

    public EpollDatagramSocket(EpollNetwork network, IPEndPoint local, IDatagramHandler handler)
        : base(network)
    {
        _handler = handler;
        _isV6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        int descriptor = OpenBound(LibC.TypeDatagram, local, reuseAddress: false);
        LocalEndPoint = GetLocalEndPoint(descriptor) ?? local;
        Adopt(descriptor);
    }

    public IPEndPoint LocalEndPoint { get; }

    public override uint Interest => LibC.EventIn;

    public bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        bool isV6 = remote.AddressFamily == AddressFamily.InterNetworkV6;
        if (IsClosed || isV6 != _isV6)
            return false;
        byte* address = stackalloc byte[LinuxSocketAddress.MaxLength];
        int length = LinuxSocketAddress.Write(remote, new Span<byte>(address, LinuxSocketAddress.MaxLength));
        fixed (byte* pointer = datagram)
        {
            while (true)
            {
                nint sent = LibC.SendTo(Descriptor, pointer, (nuint)datagram.Length, LibC.MessageNoSignal, address, (uint)length);
                if (sent >= 0)
                    return true;
                if (LibC.LastError != LinuxError.Interrupted)
                    return false;
            }
        }
    }

    public override void Dispatch(uint events)
    {
        byte* address = stackalloc byte[LinuxSocketAddress.MaxLength];
        Span<byte> buffer = Network.DatagramBuffer;
        for (int i = 0; i < MaxDatagramsPerTurn && !IsClosed; i++)
        {
            uint length = LinuxSocketAddress.MaxLength;
            nint received;
            fixed (byte* pointer = buffer)
                received = LibC.ReceiveFrom(Descriptor, pointer, (nuint)buffer.Length, 0, address, &length);
            if (received < 0)
            {
                if (LibC.LastError == LinuxError.TryAgain)
                    return;

                // An error an earlier datagram met on its way (ICMP); reading it has cleared it.
                continue;
            }

            if (_remotes.Get(new ReadOnlySpan<byte>(address, (int)Math.Min(length, LinuxSocketAddress.MaxLength))) is { } remote)
                _handler.OnDatagram(buffer[..(int)received], remote);
        }
    }
}
