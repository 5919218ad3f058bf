using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;

namespace OurTorrent.Tracker.Http;

/// <summary>Reads an address that a client gives as its own: alone, or with a port (BEP 7).</summary>
internal static class AnnouncedAddress
{
    // [0000:0000:0000:0000:0000:ffff:255.255.255.255]:65535
    private const int MaxLength = 53;

    private static readonly SearchValues<byte> IPv4Characters = SearchValues.Create("0123456789.:"u8);
    private static readonly SearchValues<byte> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF.:[]"u8);

    /// <summary>Reads the value of <c>ip</c>, <c>ipv4</c> or <c>ipv6</c>. Host names, which BEP 3 allows, are not looked up.</summary>
    /// <param name="encoded">The value as it stands in the query.</param>
    /// <param name="port">The port, where the value has none.</param>
    /// <returns>The peer, or null where it is none that others could reach.</returns>
    public static CompactPeer? Read(ReadOnlySpan<byte> encoded, ushort port)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        if (encoded.IsEmpty || !PercentEncoding.TryDecode(encoded, text, out int length))
            return null;

        text = text[..length];
        return TryReadEndPoint(text, port, out IPEndPoint? endPoint) && CanBeReached(endPoint) ? CompactPeer.From(endPoint) : null;
    }

    /// <summary>Reads an address as people write it, not the half-written ones and zones the parser of the base library takes too.</summary>
    public static bool TryReadEndPoint(ReadOnlySpan<byte> text, ushort port, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        bool isIPv4 = text.Count((byte)'.') == 3 && text.Count((byte)':') <= 1 && !text.ContainsAnyExcept(IPv4Characters);
        bool isIPv6 = text.Count((byte)':') > 1 && !text.ContainsAnyExcept(IPv6Characters);
        if (!isIPv4 && !isIPv6)
            return false;

        Span<char> chars = stackalloc char[text.Length];
        Encoding.ASCII.GetChars(text, chars);
        bool hasPort = isIPv4 ? text.Contains((byte)':') : text[0] == (byte)'[' && text[^1] != (byte)']';
        if (!IPEndPoint.TryParse(chars, out endPoint))
            return false;

        if (!hasPort)
            endPoint.Port = port;
        return true;
    }

    private static bool CanBeReached(IPEndPoint endPoint)
    {
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        if (endPoint.Port == 0 || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return false;

        return address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes()[0] < 224 : !address.IsIPv6Multicast;
    }
}
