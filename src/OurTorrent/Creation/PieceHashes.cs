namespace OurTorrent.Creation;

/// <summary>The hashes of all pieces of a torrent being made.</summary>
/// <param name="V1">20 bytes for each piece; empty for a torrent that is only v2.</param>
/// <param name="V2">
/// 32 bytes for each piece: the root over its blocks, or, for a file not longer than a piece, over the file's own (BEP 52). Empty for
/// a torrent that is only v1.
/// </param>
internal sealed record PieceHashes(byte[] V1, byte[] V2);
