using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol;

namespace OurTorrent.Interop.Clients;

/// <summary>The least that a peer can do: shake hands and go (BEP 3).</summary>
internal static class PeerProbe
{
    private const int HandshakeLength = 68;
    private const int HashOffset = 28;

    /// <summary>Shakes hands once.</summary>
    /// <param name="endPoint">With whom.</param>
    /// <param name="infoHash">About which torrent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the answer was a handshake about this torrent.</returns>
    public static async Task<bool> AnswersAsync(IPEndPoint endPoint, InfoHash infoHash, CancellationToken cancellationToken)
    {
        byte[] handshake =
        [
            19, .. "BitTorrent protocol"u8, 0, 0, 0, 0, 0, 0, 0, 0,
            .. Convert.FromHexString(infoHash.ToString()), .. "-PR0001-"u8, .. Guid.NewGuid().ToByteArray().AsSpan(0, 12),
        ];
        var answer = new byte[HandshakeLength];
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, cancellationToken);
            await socket.SendAsync(handshake, cancellationToken);
            for (int length = 0; length < HandshakeLength;)
            {
                int count = await socket.ReceiveAsync(answer.AsMemory(length), cancellationToken);
                if (count == 0)
                    return false;
                length += count;
            }
        }
        catch (SocketException)
        {
            return false;
        }

        return answer.AsSpan(HashOffset, 20).SequenceEqual(handshake.AsSpan(HashOffset, 20));
    }
}
