using System.Globalization;

namespace OurTorrent.Trackers;

/// <summary>Sizes, as messages name them.</summary>
internal static class ByteCount
{
    private const int Mebibyte = 1024 * 1024;

    public static string Format(int bytes) => bytes % Mebibyte == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
}
