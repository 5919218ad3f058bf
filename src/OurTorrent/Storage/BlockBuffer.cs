using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>16 KiB of pinned memory from a <see cref="BlockPool"/>, with one owner at a time.</summary>
internal sealed class BlockBuffer
{
    internal BlockBuffer(byte[] slab, int offset) => Memory = slab.AsMemory(offset, BlockRequest.BlockSize);

    /// <summary>The whole block.</summary>
    public Memory<byte> Memory { get; }

    /// <summary>How much of it is in use: less than the whole at the end of the content.</summary>
    public int Length { get; set; }

    /// <summary>The part in use.</summary>
    public ReadOnlyMemory<byte> Filled => Memory[..Length];
}
