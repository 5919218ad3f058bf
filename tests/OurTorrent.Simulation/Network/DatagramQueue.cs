using System.Net;

namespace OurTorrent.Simulation.Network;

/// <summary>The datagrams of a host that wait for its uplink; what does not fit is dropped.</summary>
internal sealed class DatagramQueue(VirtualHost host) : IUplinkSource
{
    private const int MaxBytes = 256 * 1024;

    private readonly Queue<Datagram> _queue = new();
    private int _bytes;

    public bool IsInLine { get; set; }

    public bool HasPacket => _queue.Count > 0;

    public bool IsNextShort => _queue.Peek().IsShort;

    public bool TryAdd(IPEndPoint source, IPEndPoint target, ReadOnlySpan<byte> datagram)
    {
        if (_bytes + datagram.Length > MaxBytes)
            return false;
        var packet = new Datagram(host, host.Network.Find(host, target.Address), source, target, datagram.ToArray());
        _bytes += packet.Length;
        _queue.Enqueue(packet);
        host.Uplink.Enter(this);
        return true;
    }

    public Packet Take()
    {
        Datagram packet = _queue.Dequeue();
        _bytes -= packet.Length;
        return packet;
    }
}
