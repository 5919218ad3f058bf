using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Hostile;

/// <summary>A message as it came; of a block, the bytes are the block.</summary>
internal sealed record Received(PeerMessageType Type, byte[] Body, BlockRequest Block)
{
    /// <summary>The piece a message is about.</summary>
    public int Piece => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Body);

    /// <summary>The block that is asked for, taken back or refused.</summary>
    public BlockRequest Request => BlockRequest.TryParse(Body, out BlockRequest request) ? request : throw new InvalidOperationException($"{Type} names no block.");
}
