using System.Net;

namespace OurTorrent.Protocol.Magnets;

/// <summary>A peer's address as magnet links write it: <c>host:port</c>, <c>1.2.3.4:port</c> or <c>[::1]:port</c> (BEP 9).</summary>
internal static class PeerAddressText
{
    private const int LongestHost = 253;

    public static bool TryParse(string text, [NotNullWhen(true)] out DnsEndPoint? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            return false;

        string host = text[..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (isBracketed)
            host = host[1..^1];

        bool isHost = isBracketed
            ? host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out _)
            : host.Length is > 0 and <= LongestHost && host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_');
        if (!isHost)
            return false;

        address = new DnsEndPoint(host, port);
        return true;
    }

    public static string Format(DnsEndPoint address) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(address.Host.Contains(':', StringComparison.Ordinal) ? $"[{address.Host}]" : Uri.EscapeDataString(address.Host))}:{address.Port}");
}
