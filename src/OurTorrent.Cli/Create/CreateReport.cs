using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Create;

/// <summary>The JSON of <c>create</c>.</summary>
/// <param name="Torrent">The torrent file; <c>-</c> for standard output.</param>
/// <param name="Name">The name of the content.</param>
/// <param name="InfoHashV1">40 hexadecimal digits, or null.</param>
/// <param name="InfoHashV2">64 hexadecimal digits, or null.</param>
/// <param name="TotalSize">The size of the content in bytes.</param>
/// <param name="PieceLength">The length of a piece in bytes.</param>
/// <param name="PieceCount">The number of pieces.</param>
/// <param name="FileCount">The number of files.</param>
/// <param name="Magnet">A magnet link to it.</param>
internal sealed record CreateReport(
    string Torrent,
    string Name,
    string? InfoHashV1,
    string? InfoHashV2,
    long TotalSize,
    int PieceLength,
    int PieceCount,
    int FileCount,
    string Magnet);

/// <summary>Turns <see cref="CreateReport"/> into JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CreateReport))]
internal sealed partial class CreateJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static CreateJson Readable { get; } = new(ReadableJson.CreateOptions());
}
