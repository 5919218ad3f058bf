namespace OurTorrent.Storage;

/// <summary>A stretch of content within one file, or within none.</summary>
/// <param name="File">The index of the file, or <see cref="Gap"/>.</param>
/// <param name="FileOffset">Where the stretch begins in the file, in bytes.</param>
/// <param name="Offset">Where it begins in the range that was asked about, in bytes.</param>
/// <param name="Length">Its length in bytes, above 0.</param>
internal readonly record struct StorageSpan(int File, long FileOffset, int Offset, int Length)
{
    /// <summary>In place of a file: bytes kept nowhere, which read as zeros (padding files, and the gaps behind v2 files).</summary>
    public const int Gap = -1;

    /// <summary>Whether the stretch is kept nowhere.</summary>
    public bool IsGap => File == Gap;
}
