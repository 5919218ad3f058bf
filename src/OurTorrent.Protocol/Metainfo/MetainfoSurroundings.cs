using System.Net;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>What stands in a .torrent file around the info dictionary, outside the info-hash.</summary>
internal sealed record MetainfoSurroundings
{
    public IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; } = [];

    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    public IReadOnlyList<string> HttpSeeds { get; init; } = [];

    public IReadOnlyList<DnsEndPoint> Nodes { get; init; } = [];

    public string? Comment { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset? CreationDate { get; init; }

    public string? Encoding { get; init; }
}
