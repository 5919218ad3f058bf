using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace OurTorrent.Tracker.Http;

/// <summary>Finds out who asks, behind reverse proxies or not, and whether to believe what it says of its addresses.</summary>
internal sealed class ClientSource(HttpOptions options)
{
    private readonly IPNetwork[] _proxies = [.. options.TrustedProxies];
    private readonly AnnouncedAddresses _believed = options.AnnouncedAddresses;

    /// <summary>Who asks.</summary>
    /// <param name="remote">The other end of the connection; null for one that has no address, which is on this machine.</param>
    /// <param name="forwardedFor">The <c>X-Forwarded-For</c> headers of the request.</param>
    public HttpSource Find(IPAddress? remote, StringValues forwardedFor)
    {
        remote ??= IPAddress.Loopback;
        if (remote.IsIPv4MappedToIPv6)
            remote = remote.MapToIPv4();
        if (forwardedFor.Count == 0)
            return new HttpSource(ClientAddress.From(remote), IsBelieved(remote));

        // A proxy nobody has named makes everybody look as if on this machine: then nobody is believed.
        if (!IsProxy(remote))
            return new HttpSource(ClientAddress.From(remote), _believed == AnnouncedAddresses.Always);

        IPAddress client = LastBeforeProxies(remote, forwardedFor);
        return new HttpSource(ClientAddress.From(client), IsBelieved(client));
    }

    /// <summary>
    /// Each proxy adds at the right who it was asked by. So all is true up to the first that is no proxy of ours; what stands left of
    /// it anybody may have written.
    /// </summary>
    private IPAddress LastBeforeProxies(IPAddress remote, StringValues forwardedFor)
    {
        IPAddress last = remote;
        for (int header = forwardedFor.Count - 1; header >= 0; header--)
        {
            ReadOnlySpan<char> rest = forwardedFor[header];
            while (!rest.IsEmpty)
            {
                int comma = rest.LastIndexOf(',');
                ReadOnlySpan<char> hop = rest[(comma + 1)..].Trim();
                rest = comma < 0 ? default : rest[..comma];
                if (hop.IsEmpty)
                    continue;

                if (!TryReadHop(hop, out IPAddress? address))
                    return last;

                last = address;
                if (!IsProxy(address))
                    return last;
            }
        }

        return last;
    }

    private static bool TryReadHop(ReadOnlySpan<char> hop, [NotNullWhen(true)] out IPAddress? address)
    {
        const int MaxLength = 64;
        address = null;
        if (hop.Length > MaxLength)
            return false;

        Span<byte> text = stackalloc byte[hop.Length];
        if (!Ascii.IsValid(hop) || Encoding.ASCII.GetBytes(hop, text) != hop.Length ||
            !AnnouncedAddress.TryReadEndPoint(text, port: 0, out IPEndPoint? endPoint))
        {
            return false;
        }

        address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        return true;
    }

    private bool IsProxy(IPAddress address)
    {
        foreach (IPNetwork network in _proxies)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    private bool IsBelieved(IPAddress address) => _believed switch
    {
        AnnouncedAddresses.Always => true,
        AnnouncedAddresses.FromPrivateNetworks => PrivateNetworks.Contains(ClientAddress.From(address)),
        _ => false,
    };
}
