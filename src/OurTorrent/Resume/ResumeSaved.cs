namespace OurTorrent.Resume;

/// <summary>What was kept of a torrent.</summary>
/// <param name="State">What was saved.</param>
/// <param name="Journal">Pieces verified after it was saved.</param>
/// <param name="Strays">
/// Pieces noted for another state than this one, or damaged notes: to be hashed, never trusted.
/// </param>
internal sealed record ResumeSaved(ResumeState State, IReadOnlyList<int> Journal, IReadOnlyList<int> Strays);
