namespace OurTorrent.Storage;

/// <summary>What a verification found.</summary>
/// <param name="PiecesTotal">How many pieces the torrent has.</param>
/// <param name="PiecesGood">How many of them are on disk and match.</param>
/// <param name="BadFiles">The files that are not as the torrent describes them, in its order.</param>
public sealed record VerifyResult(int PiecesTotal, int PiecesGood, IReadOnlyList<BadFile> BadFiles)
{
    /// <summary>Whether every piece matches and every file is there with its very length.</summary>
    public bool IsComplete => PiecesGood == PiecesTotal && BadFiles.Count == 0;
}
