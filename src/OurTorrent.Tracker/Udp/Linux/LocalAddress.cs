using System.Net.Sockets;
using System.Runtime.CompilerServices;
using static OurTorrent.Tracker.Udp.Linux.LibC;

namespace OurTorrent.Tracker.Udp.Linux;

/// <summary>
/// The address a datagram was sent to, as the system tells it beside the datagram (<c>IP_PKTINFO</c>, <c>IPV6_PKTINFO</c>). Given back with
/// the answer it is what the answer comes from: on a machine with several addresses clients drop an answer from another one.
/// </summary>
internal static unsafe class LocalAddress
{
    /// <summary>The room one takes, in bytes.</summary>
    public const int MaxLength = 64;

    /// <summary>Has the system tell it with each datagram; an IPv6 socket tells it in the form of IPv6, of an IPv4 datagram too.</summary>
    public static void Ask(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.InterNetwork)
            socket.SetRawSocketOption(LevelIPv4, IPv4PacketInfo, BitConverter.GetBytes(1));
        else
            socket.SetRawSocketOption(LevelIPv6, IPv6ReceivePacketInfo, BitConverter.GetBytes(1));
    }

    /// <summary>Turns what came with a datagram into what goes with its answer.</summary>
    /// <param name="control">What came.</param>
    /// <param name="length">Its length in bytes; zero is as good as nothing.</param>
    /// <returns>Whether the datagram was sent to this machine, and not to all of a network, which is never answered.</returns>
    public static bool TryTurn(byte* control, nuint length)
    {
        var header = (ControlHeader*)control;
        byte* data = control + sizeof(ControlHeader);
        if (length >= (nuint)sizeof(ControlHeader) + 12 && header->Level == LevelIPv4 && header->Type == IPv4PacketInfo)
        {
            // struct in_pktinfo: interface, our address, the address it was sent to. The way back is for the routes to say.
            Unsafe.WriteUnaligned(data, 0);
            return Unsafe.ReadUnaligned<uint>(data + 4) == Unsafe.ReadUnaligned<uint>(data + 8);
        }

        if (length >= (nuint)sizeof(ControlHeader) + 20 && header->Level == LevelIPv6 && header->Type == IPv6PacketInfo)
        {
            // struct in6_pktinfo: the address it was sent to, interface. Only a link-local address needs its link.
            if (data[0] == 0xff || IsMappedToMany(data))
                return false;
            if (data[0] != 0xfe || (data[1] & 0xc0) != 0x80)
                Unsafe.WriteUnaligned(data + 16, 0);
        }

        return true;
    }

    /// <summary>An IPv4 multicast address, or that of everybody, mapped into IPv6.</summary>
    private static bool IsMappedToMany(byte* address) =>
        Unsafe.ReadUnaligned<ulong>(address) == 0 && address[10] == 0xff && address[11] == 0xff && address[12] >= 224;
}
