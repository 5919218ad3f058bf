using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Trackers;

/// <summary>One tracker in the JSON of <c>announce</c>. The names of the keys are part of the command's interface.</summary>
/// <param name="Tracker">The announce URL.</param>
/// <param name="Ok">Whether it answered.</param>
/// <param name="Error">Why it did not, or null.</param>
/// <param name="Interval">Seconds between two announces.</param>
/// <param name="Seeders">How many peers have the whole content.</param>
/// <param name="Leechers">How many have not.</param>
/// <param name="Peers">Where they are, as <c>ip:port</c>.</param>
internal sealed record AnnounceResult(
    string Tracker, bool Ok, string? Error, long? Interval, int? Seeders, int? Leechers, IReadOnlyList<string> Peers);

/// <summary>One tracker in the JSON of <c>scrape</c>. The names of the keys are part of the command's interface.</summary>
/// <param name="Tracker">The announce URL.</param>
/// <param name="Ok">Whether it answered.</param>
/// <param name="Error">Why it did not, or null.</param>
/// <param name="Seeders">How many peers have the whole content.</param>
/// <param name="Leechers">How many have not.</param>
/// <param name="Completed">How many downloads were ever completed.</param>
internal sealed record ScrapeResult(string Tracker, bool Ok, string? Error, int? Seeders, int? Leechers, int? Completed);

/// <summary>Turns <see cref="AnnounceResult"/> and <see cref="ScrapeResult"/> into JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<AnnounceResult>))]
[JsonSerializable(typeof(IReadOnlyList<ScrapeResult>))]
internal sealed partial class TrackerJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static TrackerJson Readable { get; } = new(ReadableJson.CreateOptions());
}
