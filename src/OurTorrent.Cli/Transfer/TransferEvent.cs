using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>One line of <c>get --json</c> or <c>seed --json</c>; keys without a value are left out.</summary>
/// <param name="Event">
/// <c>listening</c>, <c>checked</c>, <c>seeding</c>, <c>progress</c>, <c>downloaded</c>, <c>stopped</c>, <c>complete</c>, <c>error</c>, <c>warning</c>.
/// </param>
internal sealed record TransferEvent(string Event)
{
    /// <summary>The port peers can connect to.</summary>
    public int? Port { get; init; }

    /// <summary>Every address peers can connect to, with its port.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The id peers and trackers know this client by.</summary>
    public string? PeerId { get; init; }

    /// <summary>The torrent's name.</summary>
    public string? Name { get; init; }

    /// <summary>The torrent's info-hash.</summary>
    public string? InfoHash { get; init; }

    /// <summary><c>checking</c>, <c>downloading</c>, <c>seeding</c>, <c>stopped</c> or <c>failed</c>.</summary>
    public string? State { get; init; }

    /// <summary>How much of what is wanted is there, from 0 to 1; while checking, how much was looked at.</summary>
    public double? Progress { get; init; }

    /// <summary>The size of what is wanted, in bytes.</summary>
    public long? BytesWanted { get; init; }

    /// <summary>How much of that is there and verified, in bytes.</summary>
    public long? BytesCompleted { get; init; }

    /// <summary>How much was read and hashed to know what is there, in bytes; nothing of what is as an earlier run has left it.</summary>
    public long? BytesHashed { get; init; }

    /// <summary>Content received, in bytes.</summary>
    public long? BytesDownloaded { get; init; }

    /// <summary>Content sent, in bytes.</summary>
    public long? BytesUploaded { get; init; }

    /// <summary>Bytes received a second.</summary>
    public long? DownloadRate { get; init; }

    /// <summary>Bytes sent a second.</summary>
    public long? UploadRate { get; init; }

    /// <summary>Peers connected.</summary>
    public int? Peers { get; init; }

    /// <summary>Those of them that have everything.</summary>
    public int? Seeds { get; init; }

    /// <summary>Seconds until the rest will have arrived.</summary>
    public double? TimeLeft { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>What the shell will be told.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>Turns <see cref="TransferEvent"/> into JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransferEvent))]
internal sealed partial class TransferJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static TransferJson Readable { get; } = new(ReadableJson.CreateOptions(JsonIgnoreCondition.WhenWritingNull));
}
