using System.Net;
using System.Numerics;

namespace OurTorrent.Protocol.Peers;

/// <summary>
/// The rank both ends of a connection give it, without asking each other (BEP 40). A full client drops the connection of
/// lowest rank for one of higher rank, so that newcomers find room, and nobody can take all the places of a swarm.
/// </summary>
public static class CanonicalPeerPriority
{
    private const int MaxAddressLength = 16;

    /// <summary>Computes the rank of a connection; the higher, the rather it is kept.</summary>
    /// <param name="local">Our end, as the peer sees it.</param>
    /// <param name="peer">The peer's end, with the port it listens on.</param>
    public static uint Compute(IPEndPoint local, IPEndPoint peer)
    {
        Span<byte> left = stackalloc byte[MaxAddressLength];
        Span<byte> right = stackalloc byte[MaxAddressLength];
        int length = WriteAddresses(local.Address, peer.Address, left, right);
        left = left[..length];
        right = right[..length];

        int common = left.CommonPrefixLength(right);
        if (common == length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(left, (ushort)local.Port);
            BinaryPrimitives.WriteUInt16BigEndian(right, (ushort)peer.Port);
            left = left[..sizeof(ushort)];
            right = right[..sizeof(ushort)];
        }
        else
        {
            // The nearer two addresses are, the more of them counts: all of the network part, and one byte beyond what is equal.
            int network = length == MaxAddressLength ? 6 : 2;
            for (int i = Math.Max(network, common + 1); i < length; i++)
            {
                left[i] &= 0x55;
                right[i] &= 0x55;
            }
        }

        bool sorted = left.SequenceCompareTo(right) <= 0;
        uint crc = Append(uint.MaxValue, sorted ? left : right);
        return ~Append(crc, sorted ? right : left);
    }

    private static int WriteAddresses(IPAddress first, IPAddress second, Span<byte> left, Span<byte> right)
    {
        if (first.IsIPv4MappedToIPv6)
            first = first.MapToIPv4();
        if (second.IsIPv4MappedToIPv6)
            second = second.MapToIPv4();

        // One of each family cannot be connected; both ends would still agree.
        if (first.AddressFamily != second.AddressFamily)
        {
            first = first.MapToIPv6();
            second = second.MapToIPv6();
        }

        first.TryWriteBytes(left, out int length);
        second.TryWriteBytes(right, out _);
        return length;
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
