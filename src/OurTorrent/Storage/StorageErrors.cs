namespace OurTorrent.Storage;

/// <summary>Turns the system's errors into <see cref="StorageException"/>s that a person can act on.</summary>
internal static class StorageErrors
{
    private const int UnixNoSpace = 28;
    private const int LinuxQuota = 122;
    private const int AppleQuota = 69;
    private const int UnixReadOnly = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>What kind of failure an exception of the system is, or null when it does not tell.</summary>
    public static StorageFailure? KindOf(Exception exception) => exception switch
    {
        StorageException storage => storage.Kind,
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException => StorageFailure.NotFound,
        UnauthorizedAccessException => StorageFailure.AccessDenied,
        ObjectDisposedException => StorageFailure.Closed,
        IOException io when IsDiskFull(io.HResult) => StorageFailure.DiskFull,
        IOException { HResult: UnixReadOnly } when !OperatingSystem.IsWindows() => StorageFailure.AccessDenied,
        _ => null,
    };

    /// <summary>Makes the exception for an operation on a file.</summary>
    /// <param name="exception">What the system said.</param>
    /// <param name="otherwise">The kind, where that does not tell.</param>
    /// <param name="what">What was tried, as in "Writing to".</param>
    /// <param name="path">The file.</param>
    /// <param name="needed">How many bytes the operation needed on the disk.</param>
    public static StorageException For(Exception exception, StorageFailure otherwise, string what, string path, long needed = 0)
    {
        StorageFailure kind = KindOf(exception) ?? otherwise;
        if (kind == StorageFailure.DiskFull)
            return DiskFull(exception, what, path, needed);

        string reason = exception.Message.TrimEnd('.');
        string advice = kind switch
        {
            StorageFailure.AccessDenied when otherwise == StorageFailure.WriteFailed => " Allow writing there, or choose another folder.",
            StorageFailure.AccessDenied => " Allow reading it, then start again.",
            StorageFailure.NotFound => " Put it back, or start again to fetch it anew.",
            _ => "",
        };
        return new StorageException(kind, path, $"{what} \"{path}\" failed: {reason}.{advice}", exception);
    }

    /// <summary>Makes the exception for a full disk.</summary>
    /// <param name="exception">What the system said.</param>
    /// <param name="what">What was tried.</param>
    /// <param name="path">The file.</param>
    /// <param name="needed">How many bytes it needed on the disk.</param>
    public static StorageException DiskFull(Exception exception, string what, string path, long needed)
    {
        long? free = FreeBytes(path);
        string room = free is { } bytes ? $"{StorageSize.Format(bytes)} free" : "how much is free is not known";
        return new StorageException(
            StorageFailure.DiskFull,
            path,
            $"{what} \"{path}\" failed: the disk is full ({StorageSize.Format(needed)} needed, {room}). Make room, then start again; what is there stays.",
            exception)
        {
            BytesNeeded = needed,
            BytesFree = free,
        };
    }

    /// <summary>How many bytes the disk of a path has left for this user, or null when it does not say.</summary>
    public static long? FreeBytes(string path)
    {
        try
        {
            // A file system is found by any path on it; the file itself may not be there yet.
            string? existing = path;
            while (existing is not null && !Path.Exists(existing))
                existing = Path.GetDirectoryName(existing);
            return existing is null ? null : new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsDiskFull(int error) => OperatingSystem.IsWindows()
        ? error is WindowsDiskFull or WindowsHandleDiskFull
        : error is UnixNoSpace || error == (OperatingSystem.IsMacOS() ? AppleQuota : LinuxQuota);
}
