using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>How far a hash check is.</summary>
/// <param name="Checked">How many pieces have been looked at.</param>
/// <param name="Total">How many are to be looked at.</param>
/// <param name="Good">How many of them are whole.</param>
internal readonly record struct CheckProgress(int Checked, int Total, int Good);

/// <summary>The outcome of a hash check.</summary>
/// <param name="Good">The pieces that are whole and whose hashes match; of those looked at, when the check was cut short.</param>
/// <param name="Failure">The first file that was there and could not be read, or null. Its pieces count as not there.</param>
/// <param name="BytesHashed">How much was read and hashed: pieces of files that are missing or too short are not.</param>
/// <param name="IsCancelled">Whether the check was cancelled, or the store closed, before it was through.</param>
internal sealed record CheckResult(Bitfield Good, StorageException? Failure, long BytesHashed, bool IsCancelled);
