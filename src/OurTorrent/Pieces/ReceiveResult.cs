namespace OurTorrent.Pieces;

/// <summary>What a block that arrived is to us.</summary>
internal enum ReceiveResult
{
    /// <summary>We asked this peer for it and did not have it: keep it.</summary>
    Accepted,

    /// <summary>We have it already: drop it. Normal after a cancel, and in the endgame.</summary>
    Duplicate,

    /// <summary>We did not ask this peer for it, or no longer: drop it.</summary>
    Unrequested,
}
