using System.Globalization;

namespace OurTorrent.Cli.Terminal;

/// <summary>Numbers of bytes as people write and read them. K, M, G and T are powers of 1024 everywhere in this program.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Reads <c>65536</c>, <c>64K</c>, <c>64KB</c>, <c>64KiB</c>, <c>1.5M</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The number of bytes.</param>
    /// <returns>Whether it was such a number, and not more than 2^62.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        if (number.EndsWith("iB", StringComparison.OrdinalIgnoreCase))
            number = number[..^2];
        else if (number.EndsWith("B", StringComparison.OrdinalIgnoreCase))
            number = number[..^1];

        int power = number.IsEmpty ? -1 : "KMGT".IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal);
        if (power >= 0)
            number = number[..^1];

        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            return false;

        decimal unit = 1L << (10 * (power + 1));
        if (value > (1L << 62) / unit)
            return false;

        bytes = (long)decimal.Round(value * unit);
        return true;
    }

    /// <summary>A size to read at a glance: <c>5.28 GB</c>.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public static string Format(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 1023.995 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string format = unit == 0 ? "0" : value < 100 ? "0.00" : "0.0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>A size to the byte and in megabytes, as in the tables: <c>5665497088 B (5403.04 MB)</c>.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public static string FormatExact(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B ({bytes / 1024.0:0.00} KB)"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B ({bytes / (1024.0 * 1024):0.00} MB)"),
    };

    /// <summary>A rate to read at a glance: <c>1.20 MB/s</c>.</summary>
    /// <param name="bytesPerSecond">Bytes per second.</param>
    public static string FormatRate(long bytesPerSecond) => Format(bytesPerSecond) + "/s";
}
