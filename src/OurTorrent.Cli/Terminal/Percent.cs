using System.Globalization;

namespace OurTorrent.Cli.Terminal;

/// <summary>Shares of a whole as people read them.</summary>
internal static class Percent
{
    /// <summary>A share with one decimal; <c>100%</c> only when it is the whole.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    public static string Format(double share) => share >= 1
        ? "100%"
        : (Math.Floor(Math.Max(0, share) * 1000) / 10).ToString("0.0", CultureInfo.InvariantCulture) + "%";
}
