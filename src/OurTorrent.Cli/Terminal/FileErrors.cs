namespace OurTorrent.Cli.Terminal;

/// <summary>Says in a few words why a file could not be used.</summary>
internal static class FileErrors
{
    private const int UnixNoSpace = 28;
    private const int WindowsDiskFull = 112;

    /// <summary>The reason, without the name of the file and without a full stop.</summary>
    /// <param name="exception">What was thrown.</param>
    public static string Explain(Exception exception) => exception switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        PathTooLongException => "the path is too long",
        UnauthorizedAccessException => "permission denied",
        IOException io when IsDiskFull(io) => "the disk is full",
        _ => exception.Message.TrimEnd('.'),
    };

    private static bool IsDiskFull(IOException exception) => (exception.HResult & 0xffff) is UnixNoSpace or WindowsDiskFull;
}
