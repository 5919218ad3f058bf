using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OurTorrent.Network.Epoll;

/// <summary><c>sockaddr_in</c> and <c>sockaddr_in6</c>: family in the machine's order, the rest in network order.</summary>
internal static class LinuxSocketAddress
{
    /// <summary>The longest form.</summary>
    public const int MaxLength = 28;

    private const int InternetLength = 16;

    /// <summary>Writes an end point.</summary>
    /// <param name="endPoint">Address and port.</param>
    /// <param name="destination">Where to; at least <see cref="MaxLength"/> long.</param>
    /// <returns>How many bytes it takes, or zero when the family is neither of the two.</returns>
    public static int Write(IPEndPoint endPoint, Span<byte> destination)
    {
        destination = destination[..MaxLength];
        destination.Clear();
        IPAddress address = endPoint.Address;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)endPoint.Port);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            WriteFamily(destination, LibC.FamilyInternet);
            address.TryWriteBytes(destination[4..], out _);
            return InternetLength;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return 0;
        WriteFamily(destination, LibC.FamilyInternetV6);
        address.TryWriteBytes(destination[8..], out _);
        uint scope = (uint)address.ScopeId;
        MemoryMarshal.Write(destination[24..], in scope);
        return MaxLength;
    }

    /// <summary>Reads an end point.</summary>
    /// <param name="source">The bytes, as long as the system said.</param>
    /// <returns>The end point, or null when it is of another family.</returns>
    public static IPEndPoint? Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < InternetLength)
            return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        switch (MemoryMarshal.Read<ushort>(source))
        {
            case LibC.FamilyInternet:
                return new IPEndPoint(new IPAddress(source.Slice(4, 4)), port);
            case LibC.FamilyInternetV6 when source.Length >= MaxLength:
                return new IPEndPoint(new IPAddress(source.Slice(8, 16), MemoryMarshal.Read<uint>(source[24..])), port);
            default:
                return null;
        }
    }

    private static void WriteFamily(Span<byte> destination, ushort family) => MemoryMarshal.Write(destination, in family);
}
