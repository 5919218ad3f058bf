using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Protocol.Trackers;

/// <summary>An address and port as compact peer lists hold them: 6 bytes for IPv4 (BEP 23), 18 for IPv6 (BEP 7).</summary>
public readonly record struct CompactPeer
{
    /// <summary>The length of an IPv4 peer in bytes.</summary>
    public const int IPv4Length = 6;

    /// <summary>The length of an IPv6 peer in bytes.</summary>
    public const int IPv6Length = 18;

    private readonly UInt128 _address;

    private CompactPeer(UInt128 address, ushort port, bool isIPv6)
    {
        _address = address;
        Port = port;
        IsIPv6 = isIPv6;
    }

    /// <summary>The address as a number, most significant byte first; an IPv4 address is in the lowest 32 bits.</summary>
    public UInt128 Address => _address;

    /// <summary>The TCP and uTP port.</summary>
    public ushort Port { get; }

    /// <summary>Whether the address is an IPv6 one.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The length on the wire, in bytes.</summary>
    public int WireLength => IsIPv6 ? IPv6Length : IPv4Length;

    /// <summary>Whether a connection to it could be tried: neither the port nor the address is zero.</summary>
    public bool IsUsable => Port != 0 && _address != UInt128.Zero;

    /// <summary>Reads a peer of 6 or of 18 bytes.</summary>
    /// <param name="bytes">The bytes of this peer alone.</param>
    /// <param name="peer">The peer read.</param>
    /// <returns>Whether the length is one of the two.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out CompactPeer peer)
    {
        switch (bytes.Length)
        {
            case IPv4Length:
                peer = new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]), isIPv6: false);
                return true;
            case IPv6Length:
                peer = new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]), isIPv6: true);
                return true;
            default:
                peer = default;
                return false;
        }
    }

    /// <summary>An IPv4 peer.</summary>
    /// <param name="address">The address, most significant byte first.</param>
    /// <param name="port">The port.</param>
    public static CompactPeer FromIPv4(uint address, ushort port) => new(address, port, isIPv6: false);

    /// <summary>An IPv6 peer; an IPv4 address mapped into IPv6 is not recognised here.</summary>
    /// <param name="address">The address, most significant byte first.</param>
    /// <param name="port">The port.</param>
    public static CompactPeer FromIPv6(UInt128 address, ushort port) => new(address, port, isIPv6: true);

    /// <summary>Takes an end point; an IPv4 address mapped into IPv6 is taken as IPv4.</summary>
    /// <param name="endPoint">The end point.</param>
    public static CompactPeer From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endPoint.Port, isIPv6: false)
            : new(BinaryPrimitives.ReadUInt128BigEndian(bytes), (ushort)endPoint.Port, isIPv6: true);
    }

    /// <summary>Writes the peer.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        if (IsIPv6)
            BinaryPrimitives.WriteUInt128BigEndian(destination, _address);
        else
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_address);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(WireLength - 2)..], Port);
    }

    /// <summary>The peer as an end point.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[IPv6Length];
        Write(bytes);
        return new IPEndPoint(new IPAddress(bytes[..(WireLength - 2)]), Port);
    }

    /// <summary>The address and port, as in a URL.</summary>
    public override string ToString() => ToEndPoint().ToString();
}
