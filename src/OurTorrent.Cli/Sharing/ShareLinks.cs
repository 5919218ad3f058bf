using System.Globalization;
using System.Net;
using System.Text;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Sharing;

/// <summary>What a friend is given: where the .torrent file is, the command to type, and the magnet link.</summary>
internal sealed class ShareLinks
{
    private const int LongestFileName = 60;

    /// <summary>Puts them together.</summary>
    /// <param name="made">The torrent; its own trackers come behind ours.</param>
    /// <param name="hosts">The names or addresses of this machine; at least one, the best first.</param>
    /// <param name="httpPort">The port of the tracker by HTTP.</param>
    /// <param name="udpPort">Its port by UDP.</param>
    /// <param name="peerPort">The port peers connect to.</param>
    public ShareLinks(TorrentMetainfo made, IReadOnlyList<string> hosts, int httpPort, int udpPort, int peerPort)
    {
        FilePath = "/" + FileNameOf(made.Name);
        Urls = [.. hosts.Select(host => UrlOf("http", host, httpPort) + FilePath)];

        // By HTTP first: that a friend gets through that way, the .torrent file has shown.
        Torrent = made.WithTrackers(
        [
            .. hosts.SelectMany(host => (IReadOnlyList<string>[])[[UrlOf("http", host, httpPort) + "/announce"], [UrlOf("udp", host, udpPort) + "/announce"]]),
            .. made.Trackers,
        ]);
        Magnet = new MagnetLink
        {
            InfoHashes = made.InfoHashes,
            Name = made.Name,
            Length = made.TotalSize,
            Trackers = [.. Torrent.Trackers.SelectMany(static tier => tier)],
            WebSeeds = made.WebSeeds,
            Sources = [Urls[0]],
            Peers = [.. hosts.Select(host => new DnsEndPoint(host, peerPort))],
        }.ToString();
    }

    /// <summary>The torrent with all its trackers.</summary>
    public TorrentMetainfo Torrent { get; }

    /// <summary>The path at which the .torrent file is served.</summary>
    public string FilePath { get; }

    /// <summary>Where the .torrent file is, the best first.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>What a friend types.</summary>
    public string Command => "ourtorrent get " + Urls[0];

    /// <summary>The magnet link.</summary>
    public string Magnet { get; }

    private static string UrlOf(string scheme, string host, int port) => string.Create(
        CultureInfo.InvariantCulture, $"{scheme}://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    /// <summary>A name that can be typed, told on the telephone, and pasted into any shell.</summary>
    internal static string FileNameOf(string name)
    {
        var simple = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_')
                simple.Append(c);
            else if (simple.Length > 0 && simple[^1] != '-')
                simple.Append('-');
            if (simple.Length >= LongestFileName)
                break;
        }

        string trimmed = simple.ToString().Trim('-', '.');
        return (trimmed.Length == 0 ? "content" : trimmed) + ".torrent";
    }
}
