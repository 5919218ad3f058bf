using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Simulation.Network;

/// <summary>A machine in a <see cref="VirtualNetwork"/>: its addresses, its ports, and the links that connect it.</summary>
internal sealed class VirtualHost
{
    private const int FirstEphemeralPort = 49152;

    private readonly Dictionary<IPEndPoint, VirtualListenSocket> _listeners = [];
    private readonly Dictionary<IPEndPoint, VirtualDatagramSocket> _datagramSockets = [];
    private readonly List<HostNetwork> _networks = [];
    private int _nextPort = FirstEphemeralPort;

    internal VirtualHost(VirtualNetwork network, HostOptions options, IReadOnlyList<IPAddress> addresses)
    {
        Network = network;
        Options = options;
        Addresses = addresses;
        Uplink = new Uplink(this, network.Time);
        Downlink = new Downlink(this, network.Time);
        Datagrams = new DatagramQueue(this);
    }

    public VirtualNetwork Network { get; }

    /// <summary>Its addresses, loopback not counted.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; private set; }

    /// <summary>How it is connected; may be changed at any time.</summary>
    public HostOptions Options { get; set; }

    internal Uplink Uplink { get; }

    internal Downlink Downlink { get; }

    /// <summary>Datagrams that wait for the uplink.</summary>
    internal DatagramQueue Datagrams { get; }

    /// <summary>Opens a network for one of the host's loops.</summary>
    public HostNetwork CreateNetwork()
    {
        var network = new HostNetwork(this);
        _networks.Add(network);
        return network;
    }

    /// <summary>Breaks all its connections, as a router does that forgets them; both ends are told.</summary>
    public void BreakConnections()
    {
        foreach (VirtualStreamSocket stream in Streams())
            stream.Break();
    }

    /// <summary>
    /// Gives it other addresses, as the provider does in the night. Its connections are silent from then on, and nobody is told:
    /// what is sent on them goes nowhere.
    /// </summary>
    public void ChangeAddresses(params string[] addresses)
    {
        foreach (VirtualStreamSocket stream in Streams())
            stream.Silence();
        IPAddress[] parsed = [.. addresses.Select(IPAddress.Parse)];
        Network.Move(this, parsed);
        Addresses = parsed;
    }

    public override string ToString() => Addresses[0].ToString();

    /// <summary>The address that connections to another address come from; null when there is none of its family.</summary>
    internal IPAddress? SourceFor(IPAddress remote) =>
        IPAddress.IsLoopback(remote) ? remote : Addresses.FirstOrDefault(address => address.AddressFamily == remote.AddressFamily);

    internal bool Has(IPAddress address) => IPAddress.IsLoopback(address) || IsAny(address) || Addresses.Contains(address);

    internal IPEndPoint Bind(IPEndPoint local, VirtualListenSocket socket) => Bind(_listeners, local, socket);

    internal IPEndPoint Bind(IPEndPoint local, VirtualDatagramSocket socket) => Bind(_datagramSockets, local, socket);

    internal void Unbind(VirtualListenSocket socket) => _listeners.Remove(socket.LocalEndPoint);

    internal void Unbind(VirtualDatagramSocket socket) => _datagramSockets.Remove(socket.LocalEndPoint);

    internal VirtualListenSocket? FindListener(IPEndPoint local) => Find(_listeners, local);

    internal VirtualDatagramSocket? FindDatagramSocket(IPEndPoint local) => Find(_datagramSockets, local);

    /// <summary>A port nobody uses.</summary>
    internal int TakePort()
    {
        int port = _nextPort++;
        if (_nextPort > IPEndPoint.MaxPort)
            _nextPort = FirstEphemeralPort;
        return port;
    }

    private VirtualStreamSocket[] Streams() => [.. _networks.SelectMany(network => network.Streams)];

    internal static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static IPAddress AnyOf(AddressFamily family) => family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    private static T? Find<T>(Dictionary<IPEndPoint, T> sockets, IPEndPoint local)
        where T : class =>
        sockets.GetValueOrDefault(local) ?? sockets.GetValueOrDefault(new IPEndPoint(AnyOf(local.AddressFamily), local.Port));

    private IPEndPoint Bind<T>(Dictionary<IPEndPoint, T> sockets, IPEndPoint local, T socket)
    {
        if (!Has(local.Address))
            throw new SocketException((int)SocketError.AddressNotAvailable);
        bool isTaken(int port) => sockets.Keys.Any(taken =>
            taken.Port == port && taken.AddressFamily == local.AddressFamily
            && (taken.Address.Equals(local.Address) || IsAny(taken.Address) || IsAny(local.Address)));

        int port = local.Port;
        if (port == 0)
        {
            do
            {
                port = TakePort();
            }
            while (isTaken(port));
        }
        else if (isTaken(port))
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        var bound = new IPEndPoint(local.Address, port);
        sockets.Add(bound, socket);
        return bound;
    }
}
