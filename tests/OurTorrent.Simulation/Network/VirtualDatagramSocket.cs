using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

/// <summary>A UDP socket of a virtual host.</summary>
internal sealed class VirtualDatagramSocket : IDatagramSocket, IVirtualSocket
{
    private const int MaxDatagram = 65_507;
    private const int MaxWaiting = 256;

    private readonly HostNetwork _network;
    private readonly IDatagramHandler _handler;
    private readonly Queue<(byte[] Bytes, IPEndPoint Remote)> _arrived = new();
    private bool _isClosed;

    public VirtualDatagramSocket(HostNetwork network, IPEndPoint local, IDatagramHandler handler)
    {
        _network = network;
        _handler = handler;
        LocalEndPoint = network.Host.Bind(local, this);
    }

    public IPEndPoint LocalEndPoint { get; }

    public bool IsAttended { get; set; }

    public bool IsReady => _arrived.Count > 0;

    public bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        if (_isClosed || datagram.Length > MaxDatagram || remote.AddressFamily != LocalEndPoint.AddressFamily)
            return false;
        bool isAny = LocalEndPoint.Address.Equals(IPAddress.Any) || LocalEndPoint.Address.Equals(IPAddress.IPv6Any);
        IPAddress? source = isAny ? _network.Host.SourceFor(remote.Address) : LocalEndPoint.Address;
        return source is not null
            && _network.Host.Datagrams.TryAdd(new IPEndPoint(source, LocalEndPoint.Port), remote, datagram);
    }

    public void OnArrived(byte[] bytes, IPEndPoint remote)
    {
        if (_arrived.Count >= MaxWaiting)
            return;
        _arrived.Enqueue((bytes, remote));
        _network.Attend(this);
    }

    public void Dispatch()
    {
        for (int i = _arrived.Count; i > 0 && _arrived.TryDequeue(out (byte[] Bytes, IPEndPoint Remote) datagram); i--)
            _handler.OnDatagram(datagram.Bytes, datagram.Remote);
    }

    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _arrived.Clear();
        _network.Remove(this);
        _network.Host.Unbind(this);
    }
}
