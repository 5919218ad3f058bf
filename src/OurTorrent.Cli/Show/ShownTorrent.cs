using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Show;

/// <summary>The JSON of <c>show</c>. The names of the keys are part of the command's interface.</summary>
/// <param name="Name">The name; null for a magnet link without one.</param>
/// <param name="InfoHashV1">40 hexadecimal digits, or null.</param>
/// <param name="InfoHashV2">64 hexadecimal digits, or null.</param>
/// <param name="TotalSize">The size of the content in bytes; null where a magnet link does not tell.</param>
/// <param name="PieceLength">The length of a piece in bytes; null for a magnet link.</param>
/// <param name="PieceCount">The number of pieces; null for a magnet link.</param>
/// <param name="Private">Whether peers may come from the trackers only (BEP 27); null for a magnet link.</param>
/// <param name="Comment">What the maker says about it.</param>
/// <param name="CreatedBy">The program that made it.</param>
/// <param name="CreationDate">When it was made, in seconds since 1970.</param>
/// <param name="Source">The site it was made for.</param>
/// <param name="Trackers">The announce URLs in tiers (BEP 12).</param>
/// <param name="WebSeeds">Web servers that hold the content (BEP 19).</param>
/// <param name="Files">The files, padding left out; null for a magnet link.</param>
internal sealed record ShownTorrent(
    string? Name,
    string? InfoHashV1,
    string? InfoHashV2,
    long? TotalSize,
    int? PieceLength,
    int? PieceCount,
    bool? Private,
    string? Comment,
    string? CreatedBy,
    long? CreationDate,
    string? Source,
    IReadOnlyList<IReadOnlyList<string>> Trackers,
    IReadOnlyList<string> WebSeeds,
    IReadOnlyList<ShownFile>? Files);

/// <summary>One file in the JSON of <c>show</c>.</summary>
/// <param name="Path">The path under the download folder, with slashes.</param>
/// <param name="Length">The length in bytes.</param>
internal sealed record ShownFile(string Path, long Length);

/// <summary>Turns <see cref="ShownTorrent"/> into JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShownTorrent))]
internal sealed partial class ShowJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static ShowJson Readable { get; } = new(ReadableJson.CreateOptions());
}
