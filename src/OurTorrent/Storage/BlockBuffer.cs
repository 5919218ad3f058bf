using System.Runtime.InteropServices;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// 16 KiB of pinned memory from a <see cref="BlockPool"/>. It begins with one share, its owner's. Who hands it to several
/// at once takes a share for each; it goes back to its pool when the last share is released. Belongs to the loop's thread.
/// </summary>
internal sealed class BlockBuffer
{
    private readonly BlockPool _pool;
    private int _shares;

    internal BlockBuffer(BlockPool pool, byte[] slab, int offset)
    {
        _pool = pool;
        Memory = MemoryMarshal.CreateFromPinnedArray(slab, offset, BlockRequest.BlockSize);
    }

    /// <summary>The whole block.</summary>
    public Memory<byte> Memory { get; }

    /// <summary>How much of it is in use: less than the whole at the end of the content.</summary>
    public int Length { get; set; }

    /// <summary>The part in use.</summary>
    public ReadOnlyMemory<byte> Filled => Memory[..Length];

    /// <summary>Whether more than one share is out.</summary>
    public bool IsShared => _shares > 1;

    /// <summary>Takes another share, which is released on its own.</summary>
    public void Share() => _shares++;

    /// <summary>Gives a share back; the block must not be touched by its holder any more.</summary>
    /// <exception cref="InvalidOperationException">No share is out: it was released too often.</exception>
    public void Release()
    {
        if (_shares <= 0)
            throw new InvalidOperationException("A block was released more often than it was shared.");
        if (--_shares == 0)
            _pool.TakeBack(this);
        _pool.OnReleased();
    }

    internal void Begin()
    {
        _shares = 1;
        Length = 0;
    }
}
