using System.Globalization;

namespace OurTorrent.Cli.Terminal;

/// <summary>Spans of time as people write and read them.</summary>
internal static class Duration
{
    /// <summary>The longest that is taken: what timers can wait for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>Reads <c>90</c> (seconds), <c>90s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The span of time.</param>
    /// <returns>Whether it was a span of time above zero and at most <see cref="Longest"/>.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        double unit = number.IsEmpty ? 0 : char.ToLowerInvariant(number[^1]) switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => 0,
        };
        if (unit > 0)
            number = number[..^1];
        else
            unit = 1;

        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            return false;

        double seconds = value * unit;
        if (!(seconds > 0) || seconds > Longest.TotalSeconds)
            return false;

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>A span of time that has passed: as <see cref="Format"/>, but short ones to a hundredth of a second.</summary>
    /// <param name="duration">The span of time.</param>
    public static string FormatPast(TimeSpan duration) => duration < TimeSpan.FromSeconds(10)
        ? duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + "s"
        : Format(duration);

    /// <summary>A span of time to read at a glance: <c>4s</c>, <c>12m 04s</c>, <c>3h 20m</c>, <c>5d 02h</c>.</summary>
    /// <param name="duration">The span of time.</param>
    public static string Format(TimeSpan duration)
    {
        // What is left is rounded up, so that it says 0 only when nothing is.
        long seconds = (long)Math.Ceiling(Math.Max(0, duration.TotalSeconds));
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m {seconds % 60:00}s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h {seconds / 60 % 60:00}m"),
            < 86400L * 1000 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400}d {seconds / 3600 % 24:00}h"),
            _ => "ages",
        };
    }
}
