using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tracking;

/// <summary>One line of <c>tracker --json</c>; keys without a value are left out.</summary>
/// <param name="Event"><c>listening</c>, <c>statistics</c>, <c>stopped</c> or <c>error</c>.</param>
internal sealed record TrackerEvent(string Event)
{
    /// <summary>Where UDP requests are taken, each an address with its port.</summary>
    public IReadOnlyList<string>? Udp { get; init; }

    /// <summary>Where HTTP requests are taken.</summary>
    public IReadOnlyList<string>? Http { get; init; }

    /// <summary>Where HTTPS requests are taken.</summary>
    public IReadOnlyList<string>? Https { get; init; }

    /// <summary>Where the operator's pages are.</summary>
    public IReadOnlyList<string>? Admin { get; init; }

    /// <summary>Seconds since the start.</summary>
    public double? Uptime { get; init; }

    /// <summary>Requests a second, over the last seconds.</summary>
    public double? RequestRate { get; init; }

    /// <summary>Connection ids given out since the start.</summary>
    public long? Connects { get; init; }

    /// <summary>Announces answered since the start.</summary>
    public long? Announces { get; init; }

    /// <summary>Scrapes answered since the start.</summary>
    public long? Scrapes { get; init; }

    /// <summary>Requests answered with an error since the start.</summary>
    public long? Refused { get; init; }

    /// <summary>Requests not answered since the start.</summary>
    public long? Dropped { get; init; }

    /// <summary>What was no request at all, since the start.</summary>
    public long? Malformed { get; init; }

    /// <summary>Swarms with peers.</summary>
    public long? Torrents { get; init; }

    /// <summary>Peers with the whole content.</summary>
    public long? Seeders { get; init; }

    /// <summary>All other peers.</summary>
    public long? Leechers { get; init; }

    /// <summary>Downloads completed.</summary>
    public long? Completed { get; init; }

    /// <summary>Seconds clients are told to wait.</summary>
    public double? AnnounceInterval { get; init; }

    /// <summary>Physical memory of the process, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Seconds of processor time taken.</summary>
    public double? ProcessorTime { get; init; }

    /// <summary>Changes that are not kept yet.</summary>
    public long? PersistencePending { get; init; }

    /// <summary>How old the oldest of them is, in seconds.</summary>
    public double? PersistenceLag { get; init; }

    /// <summary>Why they are not.</summary>
    public string? PersistenceError { get; init; }

    /// <summary>Sources that are refused for having brought too many new peers.</summary>
    public int? Slowed { get; init; }

    /// <summary>Sources that are not answered, since they would not slow down.</summary>
    public int? Ignored { get; init; }

    /// <summary>Those of whom most was refused and dropped.</summary>
    public IReadOnlyList<ListedOffender>? Worst { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>What the shell will be told.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>Turns what this feature prints into JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrackerEvent))]
[JsonSerializable(typeof(IReadOnlyList<ListedTorrent>))]
[JsonSerializable(typeof(IReadOnlyList<ListedPasskey>))]
[JsonSerializable(typeof(IReadOnlyList<CheckedSetting>))]
[JsonSerializable(typeof(IssuedPasskey))]
internal sealed partial class TrackingJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static TrackingJson Readable { get; } = new(ReadableJson.CreateOptions(JsonIgnoreCondition.WhenWritingNull));
}
