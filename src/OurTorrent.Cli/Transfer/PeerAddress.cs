using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>The address of a peer as a person types it: <c>192.0.2.7:6881</c>, <c>[2001:db8::7]:6881</c>, <c>friend.example:6881</c>.</summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">The port, above 0.</param>
internal sealed record PeerAddress(string Host, int Port)
{
    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The address, or null when it is none.</returns>
    public static PeerAddress? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > ushort.MaxValue)
        {
            return null;
        }

        string host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? new(inner, port) : null;

        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 ? new(host, port) : null;
    }

    /// <summary>Finds out where the peer is.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The name is not known.</exception>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(Host, cancellationToken);
            return [.. addresses.Select(address => new IPEndPoint(address, Port))];
        }
        catch (SocketException e)
        {
            throw new CommandException(ExitCode.Failed, $"cannot find the peer {Host}: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
