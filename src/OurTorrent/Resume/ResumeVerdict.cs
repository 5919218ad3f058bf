using OurTorrent.Protocol.Peers;

namespace OurTorrent.Resume;

/// <summary>What is believed of a saved state.</summary>
/// <param name="Trusted">Pieces that are there: nobody has touched their files.</param>
/// <param name="Recheck">Pieces that may be there, and are to be hashed. What is in neither set is to be fetched.</param>
internal sealed record ResumeVerdict(Bitfield Trusted, Bitfield Recheck);
