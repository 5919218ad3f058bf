using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Cli.Tracking;

/// <summary>Where a server listens, as a person types it: <c>*:6969</c>, <c>192.0.2.7:6969</c>, <c>[2001:db8::7]:6969</c>, <c>localhost:0</c>.</summary>
internal static class ListenAddress
{
    /// <summary>What is needed, for the message when it is something else.</summary>
    public const string Form = "HOST:PORT is needed, where HOST is *, localhost, an IPv4 address or an IPv6 address in brackets";

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The end points, of which <c>localhost</c> has two where the system has IPv6; none when it is no such address.</returns>
    public static IReadOnlyList<IPEndPoint> Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > ushort.MaxValue)
        {
            return [];
        }

        return text[..colon] switch
        {
            "*" => All(port),
            "localhost" when Socket.OSSupportsIPv6 => [new(IPAddress.Loopback, port), new(IPAddress.IPv6Loopback, port)],
            "localhost" => [new(IPAddress.Loopback, port)],
            ['[', .. var inner, ']'] when IPAddress.TryParse(inner, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6 =>
                [new(address, port)],
            var host when host.Count('.') == 3 && !host.Contains(':') && IPAddress.TryParse(host, out IPAddress? address) => [new(address, port)],
            _ => [],
        };
    }

    /// <summary>All addresses of this machine, of both families where the system has both.</summary>
    /// <param name="port">The port.</param>
    public static IReadOnlyList<IPEndPoint> All(int port) => [new(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port)];
}
