using System.Net;

namespace OurTorrent.Simulation.Network;

/// <summary>The datagrams of a host that wait for its uplink; what does not fit is dropped.</summary>
internal sealed class DatagramQueue(VirtualHost host) : IUplinkSource
{
    private const int MaxBytes = 256 * 1024;

    private readonly Queue<(IPEndPoint Source, IPEndPoint Target, byte[] Bytes)> _queue = new();
    private int _bytes;

    public bool IsInLine { get; set; }

    public bool TryAdd(IPEndPoint source, IPEndPoint target, ReadOnlySpan<byte> datagram)
    {
        if (_bytes + datagram.Length > MaxBytes)
            return false;
        _bytes += datagram.Length;
        _queue.Enqueue((source, target, datagram.ToArray()));
        host.Uplink.Enter(this);
        return true;
    }

    public bool TryTake(out int length, out Action depart)
    {
        length = 0;
        depart = static () => { };
        if (!_queue.TryDequeue(out (IPEndPoint Source, IPEndPoint Target, byte[] Bytes) datagram))
            return false;
        _bytes -= datagram.Bytes.Length;
        if (host.Network.Find(host, datagram.Target.Address) is not { } to)
            return true;
        if (to != host)
            length = datagram.Bytes.Length;
        depart = () => host.Network.SendLoosely(host, to, datagram.Bytes.Length, () =>
        {
            host.Network.Trace.Add("datagram", datagram.Source, datagram.Target, datagram.Bytes.Length);
            to.FindDatagramSocket(datagram.Target)?.OnArrived(datagram.Bytes, datagram.Source);
        });
        return true;
    }
}
