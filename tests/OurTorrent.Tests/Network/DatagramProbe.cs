using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Tests.Network;

/// <summary>A UDP socket that keeps what it receives.</summary>
internal sealed class DatagramProbe : IDatagramHandler
{
    public DatagramProbe(NetworkRig rig, IPEndPoint local) => Socket = rig.Network.OpenDatagram(local, this);

    public IDatagramSocket Socket { get; }

    public List<(byte[] Bytes, IPEndPoint Remote)> Received { get; } = [];

    public Action? WhenReceived { get; set; }

    public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        Received.Add((datagram.ToArray(), remote));
        WhenReceived?.Invoke();
    }
}
