namespace OurTorrent.Resume;

/// <summary>What a resume file and its journal held.</summary>
/// <param name="Status">What came of reading; for anything but <see cref="ResumeStatus.Ok"/> the content is to be checked whole.</param>
/// <param name="State">What was saved, when the status is <see cref="ResumeStatus.Ok"/>.</param>
/// <param name="Journal">Pieces verified after it was saved; to be hashed again, never trusted.</param>
/// <param name="Detail">What the file system said, when the status is <see cref="ResumeStatus.Unreadable"/>.</param>
internal sealed record ResumeLoad(ResumeStatus Status, ResumeState? State, IReadOnlyList<int> Journal, string? Detail = null);
