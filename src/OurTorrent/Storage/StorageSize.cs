using System.Globalization;

namespace OurTorrent.Storage;

/// <summary>Numbers of bytes in messages, to be read at a glance.</summary>
internal static class StorageSize
{
    private static readonly string[] Units = ["KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>The number with three digits or so: <c>27.7 MB</c>. A unit is 1,024 of the one below.</summary>
    public static string Format(long bytes)
    {
        if (bytes < 1024)
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");

        double value = bytes / 1024.0;
        int unit = 0;
        for (; value >= 1023.95 && unit < Units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }
}
