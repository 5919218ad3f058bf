using System.Globalization;

namespace OurTorrent.Cli.Terminal;

/// <summary>Small matters of grammar.</summary>
internal static class Words
{
    /// <summary>A number of things: <c>1 peer</c>, <c>2 peers</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">What, in the singular.</param>
    public static string Count(int count, string thing) =>
        Count(count, thing, thing + "s");

    /// <summary>A number of things whose plural has a form of its own: <c>1 copy</c>, <c>2 copies</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">What, in the singular.</param>
    /// <param name="things">What, in the plural.</param>
    public static string Count(int count, string thing, string things) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? thing : things)}");
}
