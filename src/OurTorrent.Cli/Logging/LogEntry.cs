using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Logging;

/// <summary>One thing that happened.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Category">Which part of the engine says so.</param>
/// <param name="Id">Which kind of event it is.</param>
/// <param name="Message">What happened, for a person.</param>
/// <param name="Exception">What caused it.</param>
/// <param name="Values">The values in the message, by name.</param>
internal readonly record struct LogEntry(
    LogLevel Level,
    string Category,
    EventId Id,
    string Message,
    Exception? Exception,
    IReadOnlyList<KeyValuePair<string, object?>>? Values)
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry as a line for a person.</summary>
    public string ToText()
    {
        string cause = Exception is null ? "" : $" ({Exception.GetType().Name}: {Exception.Message})";
        return Printable.Of($"{NameOf(Level)} {Category}: {Message}{cause}");
    }

    /// <summary>The entry as a line of JSON.</summary>
    /// <param name="time">When it happened.</param>
    public string ToJson(DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", NameOf(Level));
            json.WriteString("category", Category);
            json.WriteNumber("id", Id.Id);
            if (Id.Name is not null)
                json.WriteString("event", Id.Name);
            json.WriteString("message", Message);
            if (Exception is not null)
                json.WriteString("exception", Exception.ToString());
            WriteValues(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteValues(Utf8JsonWriter json)
    {
        json.WriteStartObject("values");
        foreach ((string name, object? value) in Values ?? [])
        {
            if (name != "{OriginalFormat}")
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
