using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OurTorrent.Cli.Terminal;

/// <summary>How JSON is written: camel case, and text that is not ASCII as it is, for it goes to people and programs, never into a web page.</summary>
internal static class ReadableJson
{
    /// <summary>Makes options for a source-generated context.</summary>
    /// <param name="nulls">When keys without a value are left out.</param>
    public static JsonSerializerOptions CreateOptions(JsonIgnoreCondition nulls = JsonIgnoreCondition.Never) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = nulls,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
