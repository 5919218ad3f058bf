using System.Net;

namespace OurTorrent.Network;

/// <summary>Looks host names up with the system's resolver.</summary>
internal static class DnsResolver
{
    /// <summary>The addresses of a host; a literal address is answered at once, without asking anybody.</summary>
    /// <param name="host">The name or address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The name has no address, or nobody could be asked.</exception>
    public static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out IPAddress? literal)
            ? Task.FromResult<IPAddress[]>([literal])
            : Dns.GetHostAddressesAsync(host, cancellationToken);
}
