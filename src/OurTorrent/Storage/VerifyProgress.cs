namespace OurTorrent.Storage;

/// <summary>How far a verification is.</summary>
/// <param name="PiecesChecked">How many pieces have been looked at.</param>
/// <param name="PiecesTotal">How many pieces the torrent has.</param>
/// <param name="PiecesGood">How many of those looked at match.</param>
public readonly record struct VerifyProgress(int PiecesChecked, int PiecesTotal, int PiecesGood);
