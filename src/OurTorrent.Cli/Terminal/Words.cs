using System.Globalization;

namespace OurTorrent.Cli.Terminal;

/// <summary>Small matters of grammar.</summary>
internal static class Words
{
    /// <summary>A number of things: <c>1 peer</c>, <c>2 peers</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">What, in the singular.</param>
    public static string Count(int count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
