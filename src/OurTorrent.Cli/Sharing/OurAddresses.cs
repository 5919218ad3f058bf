using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace OurTorrent.Cli.Sharing;

/// <summary>The addresses under which others reach this machine.</summary>
internal static class OurAddresses
{
    // Addresses kept for documentation (RFC 5737, RFC 3849): nobody has them, and nothing is sent there.
    private static readonly IPAddress[] FarAway = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")];

    private static readonly IPNetwork[] Inner =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("::1/128"),
    ];

    /// <summary>
    /// The addresses of this machine, those first from which it reaches the world, IPv4 before IPv6: more machines have that. Those of
    /// networks that lead nowhere - bridges to containers, say - are left out where others do.
    /// </summary>
    /// <param name="bind">The only address that is listened on, or null for all.</param>
    /// <returns>At least one; where the machine has no network, the loopback address.</returns>
    public static IReadOnlyList<IPAddress> Find(IPAddress? bind)
    {
        if (bind is not null && !bind.Equals(IPAddress.Any) && !bind.Equals(IPAddress.IPv6Any))
            return [bind];

        var found = new List<IPAddress>();
        foreach (IPAddress far in FarAway)
        {
            if (LocalAddressTowards(far) is { } local)
                found.Add(local);
        }

        List<NetworkInterface> interfaces = [.. NetworkInterface.GetAllNetworkInterfaces().Where(IsUp)];
        if (interfaces.Exists(LeadsSomewhere))
            interfaces.RemoveAll(static one => !LeadsSomewhere(one));
        found.AddRange(interfaces.SelectMany(static one => one.GetIPProperties().UnicastAddresses).Select(static unicast => unicast.Address));
        IEnumerable<IPAddress> usable = found.Where(IsUsable).Distinct();
        if (bind is not null)
            usable = usable.Where(address => address.AddressFamily == bind.AddressFamily);
        IPAddress[] chosen = [.. usable.OrderBy(static address => address.AddressFamily == AddressFamily.InterNetworkV6)];
        return chosen.Length > 0 ? chosen : [bind is { AddressFamily: AddressFamily.InterNetworkV6 } ? IPAddress.IPv6Loopback : IPAddress.Loopback];
    }

    /// <summary>Whether an address means nothing outside of a house or a company.</summary>
    /// <param name="address">The address.</param>
    public static bool IsInner(IPAddress address) => Array.Exists(Inner, network => network.Contains(address));

    private static IPAddress? LocalAddressTowards(IPAddress far)
    {
        try
        {
            // To connect a datagram socket sends nothing; the system chooses the way, and with it the address.
            using var socket = new Socket(far.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(far, 9);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool IsUp(NetworkInterface one) =>
        one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown && one.NetworkInterfaceType != NetworkInterfaceType.Loopback;

    // A tunnel to friends has no gateway, and yet leads to them.
    private static bool LeadsSomewhere(NetworkInterface one) =>
        one.GetIPProperties().GatewayAddresses.Count > 0
        || one.NetworkInterfaceType is NetworkInterfaceType.Tunnel or NetworkInterfaceType.Ppp or NetworkInterfaceType.Unknown;

    // A link-local address would have to be given with the friend's own name for the link.
    private static bool IsUsable(IPAddress address) => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast;
}
