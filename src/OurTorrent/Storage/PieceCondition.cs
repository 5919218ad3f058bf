namespace OurTorrent.Storage;

/// <summary>What was found where a piece should be.</summary>
internal enum PieceCondition
{
    /// <summary>A file it touches is missing or too short.</summary>
    Missing,

    /// <summary>Bytes that do not match its hashes.</summary>
    Corrupt,

    /// <summary>The piece.</summary>
    Good,
}
