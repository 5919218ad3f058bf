namespace OurTorrent.Resume;

/// <summary>Which pieces hold bytes of a file.</summary>
/// <param name="FirstPiece">The first of them.</param>
/// <param name="EndPiece">The one after the last; the first itself for a file that is empty or padding.</param>
internal readonly record struct FileExtent(int FirstPiece, int EndPiece);
