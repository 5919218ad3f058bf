using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Demo;

/// <summary>The JSON of <c>demo</c>.</summary>
/// <param name="Identical">Whether every copy is identical with the original.</param>
/// <param name="InfoHash">The info-hash of the torrent.</param>
/// <param name="TotalSize">The size of the content in bytes.</param>
/// <param name="Clients">What each client did, the seeder first.</param>
/// <param name="Trackers">What the tracker answers at the end, by UDP and by HTTP.</param>
internal sealed record DemoReport(
    bool Identical, string InfoHash, long TotalSize, IReadOnlyList<DemoClientReport> Clients, IReadOnlyList<DemoTrackerReport> Trackers);

/// <summary>One way to ask the tracker in the JSON of <c>demo</c>.</summary>
/// <param name="Tracker">The announce URL.</param>
/// <param name="Seeders">How many have all of it (scrape).</param>
/// <param name="Leechers">How many have not (scrape).</param>
/// <param name="Completed">How many downloads were completed (scrape).</param>
/// <param name="Peers">Where they are (announce).</param>
internal sealed record DemoTrackerReport(string Tracker, int Seeders, int Leechers, int Completed, IReadOnlyList<string> Peers);

/// <summary>One client in the JSON of <c>demo</c>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Port">The port it listened on.</param>
/// <param name="BytesDownloaded">Content received, in bytes.</param>
/// <param name="BytesUploaded">Content sent, in bytes.</param>
/// <param name="Seconds">How long the download took; null for the seeder.</param>
/// <param name="Identical">Whether its copy is identical with the original.</param>
internal sealed record DemoClientReport(string Name, int Port, long BytesDownloaded, long BytesUploaded, double? Seconds, bool Identical);

/// <summary>Turns <see cref="DemoReport"/> into JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static DemoJson Readable { get; } = new(ReadableJson.CreateOptions());
}
