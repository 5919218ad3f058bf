namespace OurTorrent.Tracker.Http.Pages;

/// <summary>A page, ready to be sent.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Status">The HTTP status it is sent with.</param>
/// <param name="Policy">The content security policy, of a page for browsers.</param>
internal sealed record PageContent(string ContentType, ReadOnlyMemory<byte> Body, int Status = 200, string? Policy = null);
