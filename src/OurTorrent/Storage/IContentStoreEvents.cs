namespace OurTorrent.Storage;

/// <summary>What a <see cref="ContentStore"/> tells the torrent it belongs to, on the loop's thread.</summary>
internal interface IContentStoreEvents
{
    /// <summary>Every block of a piece is written and hashed. The store has forgotten the piece; its blocks may be added anew.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="good">Whether the hashes match. If not, the piece has to be fetched again.</param>
    void OnPieceDone(int piece, bool good);

    /// <summary>
    /// A piece could not be written, or not be read back to be hashed. Its blocks are dropped and the store has forgotten
    /// it: it has to be fetched again. Told once for each piece; pieces that were verified are not touched.
    /// </summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="failure">What went wrong.</param>
    void OnStorageFailed(int piece, StorageException failure);

    /// <summary>
    /// The pool of blocks was exhausted and has room again: sockets may be read. Called while blocks are being released:
    /// turn reading on again, but take no block within.
    /// </summary>
    void OnBuffersFreed();
}
