namespace OurTorrent.Protocol;

/// <summary>The info-hashes of one torrent: v1 (BEP 3), v2 (BEP 52), or both for a hybrid.</summary>
/// <param name="V1">The v1 info-hash, or null for a torrent that is only v2.</param>
/// <param name="V2">The v2 info-hash, or null for a torrent that is only v1.</param>
public readonly record struct InfoHashes(InfoHash? V1, InfoHashV2? V2)
{
    /// <summary>
    /// The info-hash that names the torrent in handshakes and announces: v1 where there is one, since every client
    /// knows it, else the truncated v2 one.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is neither.</exception>
    public InfoHash Wire =>
        V1 ?? V2?.Truncate() ?? throw new InvalidOperationException("A torrent has at least one info-hash.");

    /// <summary>Whether a handshake or announce with this info-hash is about this torrent.</summary>
    /// <param name="infoHash">The 20 bytes received.</param>
    public bool Matches(InfoHash infoHash) => V1 == infoHash || V2?.Truncate() == infoHash;
}
