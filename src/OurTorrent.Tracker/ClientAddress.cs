using System.Net.Sockets;

namespace OurTorrent.Tracker;

/// <summary>The address a request came from, without its port. An IPv4 address that came mapped into IPv6 is an IPv4 one here.</summary>
/// <param name="Bits">The address as a number, most significant byte first; an IPv4 address is in the lowest 32 bits.</param>
/// <param name="IsIPv6">Whether it is an IPv6 address.</param>
public readonly record struct ClientAddress(UInt128 Bits, bool IsIPv6)
{
    /// <summary>Takes an address.</summary>
    /// <param name="address">An IPv4 or IPv6 address.</param>
    public static ClientAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsIPv6: false)
            : new ClientAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), IsIPv6: true);
    }

    /// <summary>Takes an address as it came through an IPv6 socket; one that is an IPv4 address mapped into IPv6 is taken as that.</summary>
    internal static ClientAddress FromIPv6(ulong high, ulong low) => high == 0 && low >> 32 == 0xffff
        ? new ClientAddress((uint)low, IsIPv6: false)
        : new ClientAddress(new UInt128(high, low), IsIPv6: true);

    /// <summary>A peer at this address.</summary>
    /// <param name="port">Its port.</param>
    public CompactPeer AtPort(ushort port) => IsIPv6 ? CompactPeer.FromIPv6(Bits, port) : CompactPeer.FromIPv4((uint)Bits, port);

    /// <summary>The address as the base library has it.</summary>
    public IPAddress ToIPAddress() => AtPort(0).ToEndPoint().Address;

    /// <summary>The address as text.</summary>
    public override string ToString() => ToIPAddress().ToString();
}
