namespace OurTorrent.Crash.Programs;

/// <summary>The program under test.</summary>
internal static class OurTorrentBinary
{
    /// <summary>The variable that names it; otherwise it is the one built with these tests, which needs .NET and starts slower.</summary>
    public const string Variable = "OURTORRENT_BINARY";

    /// <summary>Its path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            string path = System.IO.Path.GetFullPath(named);
            return File.Exists(path) ? path : throw new FileNotFoundException($"{Variable} names a file that is not there.", path);
        }

        return System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ourtorrent.exe" : "ourtorrent");
    }
}
