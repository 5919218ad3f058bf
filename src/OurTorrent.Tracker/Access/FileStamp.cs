namespace OurTorrent.Tracker.Access;

/// <summary>How a file looks from outside; a file that was written to, or put in the place of another, looks different.</summary>
/// <param name="Length">Its length in bytes; -1 where there is none.</param>
/// <param name="Written">When it was last written to.</param>
/// <param name="Created">When it was made, as far as the file system knows.</param>
internal readonly record struct FileStamp(long Length, DateTime Written, DateTime Created)
{
    /// <summary>How a file looks now.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc, file.CreationTimeUtc) : new FileStamp(-1, default, default);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileStamp(-1, default, default);
        }
    }
}
