namespace OurTorrent.Tracker.Access;

/// <summary>
/// What a limit is counted for: an IPv4 address or /24, an IPv6 /64 or /48. A host is given a whole /64, in which it has more
/// addresses than anybody could count; a customer is given a /48 at most.
/// </summary>
/// <param name="Value">The network's address and, in the lowest byte, the length of its prefix.</param>
internal readonly record struct SourceNetwork(UInt128 Value)
{
    private const int IPv4Bits = 32;
    private const int IPv4WideBits = 24;
    private const int IPv6Bits = 64;
    private const int IPv6WideBits = 48;

    /// <summary>The length of the prefix.</summary>
    public int PrefixLength => (byte)Value;

    /// <summary>Whether it is an IPv6 network.</summary>
    public bool IsIPv6 => PrefixLength > IPv4Bits;

    /// <summary>What one host has: an IPv4 address, an IPv6 /64.</summary>
    public static SourceNetwork HostOf(in ClientAddress address) => address.IsIPv6
        ? new(Keep(address.Bits, IPv6Bits) | IPv6Bits)
        : new((address.Bits << 8) | IPv4Bits);

    /// <summary>The network around a host: an IPv4 /24, an IPv6 /48.</summary>
    public static SourceNetwork Around(in ClientAddress address) => address.IsIPv6
        ? new(Keep(address.Bits, IPv6WideBits) | IPv6WideBits)
        : new(((address.Bits & ~(UInt128)0xff) << 8) | IPv4WideBits);

    /// <summary>The network around it; itself, if it is already that wide.</summary>
    public SourceNetwork Widen() => PrefixLength is IPv4WideBits or IPv6WideBits ? this : Around(Address);

    /// <summary>The network as text: <c>192.0.2.7</c>, <c>192.0.2.0/24</c>, <c>2001:db8::/64</c>.</summary>
    public override string ToString() => PrefixLength == IPv4Bits
        ? Address.ToString()
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");

    private ClientAddress Address => IsIPv6 ? new(Keep(Value, IPv6Bits), IsIPv6: true) : new(Value >> 8, IsIPv6: false);

    private static UInt128 Keep(UInt128 bits, int length) => bits >> (128 - length) << (128 - length);
}
