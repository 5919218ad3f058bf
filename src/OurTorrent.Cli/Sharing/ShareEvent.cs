using System.Text.Json.Serialization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Sharing;

/// <summary>One line of <c>share --json</c>; keys without a value are left out.</summary>
/// <param name="Event"><c>listening</c>, <c>seeding</c>, <c>progress</c>, <c>copy</c>, <c>warning</c>, <c>stopped</c> or <c>error</c>.</param>
internal sealed record ShareEvent(string Event)
{
    /// <summary>The port peers can connect to.</summary>
    public int? Port { get; init; }

    /// <summary>Every address peers can connect to, with its port.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The id peers know this client by.</summary>
    public string? PeerId { get; init; }

    /// <summary>The torrent's name.</summary>
    public string? Name { get; init; }

    /// <summary>The torrent's info-hash.</summary>
    public string? InfoHash { get; init; }

    /// <summary>The size of the content, in bytes.</summary>
    public long? TotalSize { get; init; }

    /// <summary>What a friend types.</summary>
    public string? Command { get; init; }

    /// <summary>Where the torrent file can be had, the best address first.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>The magnet link.</summary>
    public string? Magnet { get; init; }

    /// <summary>The announce URLs.</summary>
    public IReadOnlyList<string>? Trackers { get; init; }

    /// <summary>The torrent file that was written.</summary>
    public string? Torrent { get; init; }

    /// <summary>Content sent, in bytes.</summary>
    public long? BytesUploaded { get; init; }

    /// <summary>Bytes sent a second.</summary>
    public long? UploadRate { get; init; }

    /// <summary>Who is connected.</summary>
    public IReadOnlyList<SharePeer>? Peers { get; init; }

    /// <summary>Peers with the whole content, as the tracker counts them, without ourselves.</summary>
    public int? Seeders { get; init; }

    /// <summary>All other peers, as the tracker counts them.</summary>
    public int? Leechers { get; init; }

    /// <summary>Copies that have become complete.</summary>
    public int? Copies { get; init; }

    /// <summary>How many of them the tracker was told of.</summary>
    public int? CopiesAnnounced { get; init; }

    /// <summary>How many of them were seen.</summary>
    public int? CopiesSeen { get; init; }

    /// <summary>Seconds until it ends.</summary>
    public double? TimeLeft { get; init; }

    /// <summary>The friend whose copy is complete.</summary>
    public string? Address { get; init; }

    /// <summary>The friend's client.</summary>
    public string? Client { get; init; }

    /// <summary>Whether the tracker was told of it.</summary>
    public bool? Announced { get; init; }

    /// <summary>Whether it was seen.</summary>
    public bool? Seen { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>What the shell will be told.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>A connected peer in the JSON of <c>share</c>.</summary>
/// <param name="Address">Its address and port.</param>
/// <param name="Client">Its client.</param>
/// <param name="Progress">How much of the content it has, from 0 to 1.</param>
/// <param name="UploadRate">Bytes sent to it a second.</param>
/// <param name="BytesUploaded">Content sent to it, in bytes.</param>
internal sealed record SharePeer(string Address, string Client, double Progress, long UploadRate, long BytesUploaded);

/// <summary>Turns <see cref="ShareEvent"/> into JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShareEvent))]
internal sealed partial class ShareJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static ShareJson Readable { get; } = new(ReadableJson.CreateOptions(JsonIgnoreCondition.WhenWritingNull));
}
