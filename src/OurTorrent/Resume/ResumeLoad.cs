namespace OurTorrent.Resume;

/// <summary>What a resume file and its journal held.</summary>
/// <param name="Status">What came of reading; for anything but <see cref="ResumeStatus.Ok"/> the content is to be checked whole.</param>
/// <param name="Saved">What was saved and noted, when the status is <see cref="ResumeStatus.Ok"/>.</param>
/// <param name="Detail">What the file system said, when the status is <see cref="ResumeStatus.Unreadable"/>.</param>
internal sealed record ResumeLoad(ResumeStatus Status, ResumeSaved? Saved, string? Detail = null);
