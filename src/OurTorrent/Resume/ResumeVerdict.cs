using OurTorrent.Protocol.Peers;

namespace OurTorrent.Resume;

/// <summary>What is believed of a saved state.</summary>
/// <param name="Trusted">Pieces that are there: nobody but us has touched their files.</param>
/// <param name="Recheck">Pieces that may be there, and are to be hashed. What is in neither set is to be fetched.</param>
/// <param name="Unflushed">The files that an earlier process wrote to without handing that to the disk, as far as is known.</param>
internal sealed record ResumeVerdict(Bitfield Trusted, Bitfield Recheck, IReadOnlyList<int> Unflushed);
