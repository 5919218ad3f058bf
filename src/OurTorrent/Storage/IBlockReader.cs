using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>Who asked a <see cref="ContentStore"/> for a block; told exactly once for each request, on the loop's thread.</summary>
internal interface IBlockReader
{
    /// <summary>The block was read.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="buffer">
    /// Holds the bytes. One share of it now belongs to the reader, who calls <see cref="BlockBuffer.Release"/> once they
    /// are sent (or at once when nobody wants them any more). Others may be sending the same block: it is only read.
    /// </param>
    /// <param name="data">The bytes asked for, inside <paramref name="buffer"/>.</param>
    /// <param name="state">What was handed over with the request.</param>
    void OnBlockRead(BlockRequest request, BlockBuffer buffer, ReadOnlyMemory<byte> data, object? state);

    /// <summary>The block could not be read.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="failure">What went wrong.</param>
    /// <param name="state">What was handed over with the request.</param>
    void OnReadFailed(BlockRequest request, StorageException failure, object? state);
}
