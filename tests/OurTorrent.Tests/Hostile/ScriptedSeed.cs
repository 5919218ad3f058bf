using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.EndToEnd;

namespace OurTorrent.Tests.Hostile;

/// <summary>A peer that has everything and sends what it is asked for, as the test would have it.</summary>
internal sealed class ScriptedSeed(TestContent content, RawPeer peer)
{
    /// <summary>What it was asked for, in order.</summary>
    public List<BlockRequest> Asked { get; } = [];

    /// <summary>Called before each answer; may wait, and may say what to send in place of the block.</summary>
    public Func<BlockRequest, byte[], Task<byte[]>> Answer { get; init; } = (_, block) => Task.FromResult(block);

    public static async Task<ScriptedSeed> OpenAsync(TestContent content, RawPeer peer, int id, Func<BlockRequest, byte[], Task<byte[]>>? answer = null)
    {
        await peer.ShakeHandsAsync(content.Metainfo.InfoHashes.Wire, PeerCapabilities.Fast, RawPeer.IdOf(id));
        await peer.SendAsync(PeerMessageWriter.WriteHaveAll);
        await peer.SendAsync(PeerMessageWriter.WriteUnchoke);
        return answer is null ? new ScriptedSeed(content, peer) : new ScriptedSeed(content, peer) { Answer = answer };
    }

    public byte[] BlockOf(BlockRequest request) =>
        content.Bytes.AsSpan((request.Piece * content.Metainfo.PieceLength) + request.Offset, request.Length).ToArray();

    /// <summary>Serves until the connection ends.</summary>
    public async Task ServeAsync()
    {
        while (await peer.ReadAsync() is { } message)
        {
            if (message.Type != PeerMessageType.Request)
                continue;

            lock (Asked)
                Asked.Add(message.Request);
            byte[] answer = await Answer(message.Request, BlockOf(message.Request));
            try
            {
                await peer.SendBlockAsync(message.Request, answer);
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Closed meanwhile, as happens to those who send false blocks.
                return;
            }
        }
    }
}
