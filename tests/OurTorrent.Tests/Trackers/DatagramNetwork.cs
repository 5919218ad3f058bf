using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Tests.Trackers;

/// <summary>A network of datagrams alone: it keeps what is sent, and looks names up as the test says.</summary>
internal sealed class DatagramNetwork : INetwork
{
    public List<(byte[] Packet, IPEndPoint Remote)> Sent { get; } = [];

    /// <summary>What a name stands for.</summary>
    public Func<string, Task<IPAddress[]>> Lookup { get; set; } = host => Task.FromResult<IPAddress[]>([IPAddress.Parse(host)]);

    /// <summary>The addresses nothing can be sent to.</summary>
    public HashSet<IPAddress> Unreachable { get; } = [];

    /// <summary>Whether the host has no IPv6.</summary>
    public bool IsIPv4Only { get; set; }

    public List<IPEndPoint> Opened { get; } = [];

    public int Closed { get; private set; }

    public IDatagramHandler? Handler { get; private set; }

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler)
    {
        if (IsIPv4Only && local.AddressFamily == AddressFamily.InterNetworkV6)
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);

        Opened.Add(local);
        Handler = handler;
        return new Socket(this, local);
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Lookup(host);

    public void Poll(TimeSpan timeout)
    {
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler) => throw new NotSupportedException();

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler) => throw new NotSupportedException();

    private sealed class Socket(DatagramNetwork network, IPEndPoint local) : IDatagramSocket
    {
        public IPEndPoint LocalEndPoint => local;

        public bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote)
        {
            Assert.Equal(local.AddressFamily, remote.AddressFamily);
            if (network.Unreachable.Contains(remote.Address))
                return false;

            network.Sent.Add((datagram.ToArray(), remote));
            return true;
        }

        public void Close() => network.Closed++;
    }
}
