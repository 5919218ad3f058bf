using System.Globalization;

namespace OurTorrent.Cli.Terminal;

/// <summary>Lists of files within a sentence.</summary>
internal static class FileNames
{
    private const int Most = 3;

    /// <summary>The first names, and how many more there are.</summary>
    /// <param name="names">The names; at least one.</param>
    public static string Join(IReadOnlyList<string> names) => names.Count <= Most + 1
        ? string.Join(", ", names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(Most))} and {names.Count - Most} more");
}
