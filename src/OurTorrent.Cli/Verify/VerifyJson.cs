using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Verify;

/// <summary>The JSON of <c>verify</c>. The names of the keys are part of the command's interface.</summary>
/// <param name="Complete">Whether everything is there and verifies.</param>
/// <param name="PiecesTotal">How many pieces there are.</param>
/// <param name="PiecesGood">How many of them verify.</param>
/// <param name="BadFiles">The files that are not whole.</param>
internal sealed record VerifyReport(bool Complete, int PiecesTotal, int PiecesGood, IReadOnlyList<string> BadFiles);

/// <summary>Turns <see cref="VerifyReport"/> into JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static VerifyJson Readable { get; } = new(ReadableJson.CreateOptions());
}
