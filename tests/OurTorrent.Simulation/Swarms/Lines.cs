using OurTorrent.Simulation.Network;

namespace OurTorrent.Simulation.Swarms;

/// <summary>The lines of the scenarios: ten times as fast down as up, with no more in a socket's buffer than a slow line's has.</summary>
internal static class Lines
{
    /// <summary>A line of a rate up, in bytes a second.</summary>
    public static HostOptions Of(double upload) =>
        new() { UploadRate = upload, DownloadRate = 10 * upload, SendBuffer = 32 * 1024 };

    /// <summary>A line of a rate up between a half and twice of another, equally often above and below.</summary>
    public static HostOptions About(double upload, Random random) =>
        Of(upload * Math.Pow(2, (2 * random.NextDouble()) - 1)) with { DownloadRate = 10 * upload };
}
