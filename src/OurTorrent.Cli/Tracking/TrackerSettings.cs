using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;

namespace OurTorrent.Cli.Tracking;

/// <summary>Everything that can be set for a tracker.</summary>
internal static class TrackerSettings
{
    private const string PathForm = "the path of a file is needed";

    /// <summary>The settings, in the order of the help.</summary>
    public static IReadOnlyList<TrackerSetting> All { get; } =
    [
        new(
            "udp", "HOST:PORT", "Take UDP requests here. May be given again. [default: *:6969, unless --http is given]", ListenAddress.Form,
            static (options, value) => ListenAddress.Parse(value) is { Count: > 0 } added ? options with { UdpEndPoints = [.. options.UdpEndPoints, .. added] } : null)
        {
            IsList = true,
        },
        new(
            "http", "HOST:PORT", "Take HTTP requests here. May be given again. [default: *:6969, unless --udp is given]", ListenAddress.Form,
            static (options, value) => ListenAddress.Parse(value) is { Count: > 0 } added ? options with { HttpEndPoints = [.. options.HttpEndPoints, .. added] } : null)
        {
            IsList = true,
        },
        new(
            "database", "FILE", "Keep the swarms in this SQLite database. [default: in memory alone]", PathForm,
            static (options, value) => value.Length > 0 ? options with { Database = value } : null)
        {
            IsPath = true,
        },
        Time(
            "interval", "How often clients shall announce: 30m. [default: 30m; more under load]", TimeSpan.FromSeconds(5), TimeSpan.FromDays(1),
            static (options, value) => options with { AnnounceInterval = value }),
        Whole(
            "numwant", "How many peers a client is given that does not say how many it wants. [default: 50]", 0, 1000,
            static (options, value) => options with { DefaultNumWant = value }),
        Whole(
            "max-numwant", "How many peers a client is given at most. [default: 200]", 0, 1000,
            static (options, value) => options with { MaxNumWant = value }),
        Whole(
            "workers", "How many threads take UDP requests. [default: one for each processor]", 0, 1024,
            static (options, value) => options with { UdpWorkers = value }),
    ];

    /// <summary>Where a tracker listens that was not told where.</summary>
    public const int DefaultPort = 6969;

    private static TrackerSetting Whole(string name, string description, int least, int most, Func<TrackerOptions, int, TrackerOptions> apply) => new(
        name, "N", description, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most} is needed"),
        (options, text) => OptionParsing.Whole(least, most)(text, out int value) ? apply(options, value) : null);

    private static TrackerSetting Time(
        string name, string description, TimeSpan least, TimeSpan most, Func<TrackerOptions, TimeSpan, TrackerOptions> apply) => new(
        name, "TIME", description, $"a time from {Duration.Format(least)} to {Duration.Format(most)}, such as 90s or 30m, is needed",
        (options, text) => Duration.TryParse(text, out TimeSpan value) && value >= least && value <= most ? apply(options, value) : null);
}
