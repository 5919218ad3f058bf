using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Crash.Peers;

/// <summary>Asks a peer over the wire, like any other peer, which pieces it has: what it claims to the world.</summary>
internal static class AdvertisedPieces
{
    private const int HandshakeLength = 68;
    private const byte Bitfield = 5;
    private const byte HaveAll = 14;
    private const byte HaveNone = 15;

    /// <summary>Shakes hands, and takes the first message, which with the Fast extension (BEP 6) always says it.</summary>
    public static async Task<bool[]> AskAsync(int port, TorrentMetainfo metainfo)
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancelled);
        NetworkStream stream = client.GetStream();
        var handshake = new byte[HandshakeLength];
        handshake[0] = 19;
        "BitTorrent protocol"u8.CopyTo(handshake.AsSpan(1));
        handshake[27] = 4;
        metainfo.InfoHashes.Wire.Span.CopyTo(handshake.AsSpan(28));
        "-XX0001-asks-and-go-"u8.CopyTo(handshake.AsSpan(48));
        await stream.WriteAsync(handshake, cancelled);
        await stream.ReadExactlyAsync(handshake, cancelled);

        while (true)
        {
            var head = new byte[5];
            await stream.ReadExactlyAsync(head.AsMemory(0, 4), cancelled);
            int length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length == 0)
                continue;
            await stream.ReadExactlyAsync(head.AsMemory(4), cancelled);
            var body = new byte[length - 1];
            await stream.ReadExactlyAsync(body, cancelled);
            if (head[4] is Bitfield or HaveAll or HaveNone)
            {
                return [.. Enumerable.Range(0, metainfo.PieceCount).Select(piece => head[4] switch
                {
                    HaveAll => true,
                    HaveNone => false,
                    _ => (body[piece / 8] & (0x80 >> (piece % 8))) != 0,
                })];
            }
        }
    }
}
