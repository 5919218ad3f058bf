using System.Globalization;
using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Show;

/// <summary>The table TORRENT FILE DATA.</summary>
internal static class TorrentTable
{
    /// <summary>Makes the table of a torrent.</summary>
    /// <param name="torrent">The torrent.</param>
    public static Table Of(TorrentMetainfo torrent)
    {
        TorrentFile[] files = [.. torrent.Files.Where(static file => !file.IsPadding)];
        var table = new Table("TORRENT FILE DATA");
        table.AddLines("Tracker list", TrackerLines(torrent.Trackers));
        table.Add("File name", torrent.Name);
        table.Add("File size", ByteSize.FormatExact(torrent.TotalSize));
        table.Add("Piece length", ByteSize.FormatExact(torrent.PieceLength));
        table.Add("Number of pieces", torrent.PieceCount.ToString(CultureInfo.InvariantCulture));
        AddHashes(table, torrent.InfoHashes);
        table.Add("Private", torrent.IsPrivate ? "yes: peers come from the trackers only" : "no");
        AddIfThere(table, "Comment", torrent.Comment);
        AddIfThere(table, "Created by", torrent.CreatedBy);
        AddIfThere(table, "Created on", torrent.CreationDate?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        AddIfThere(table, "Source", torrent.Source);
        table.AddLines("Web seeds", torrent.WebSeeds);
        table.AddLines("HTTP seeds", torrent.HttpSeeds);
        table.AddLines("DHT nodes", torrent.Nodes.Select(FormatEndPoint));
        table.Add("Number of files", files.Length.ToString(CultureInfo.InvariantCulture));
        table.AddLines("Files", files.Select(static file => $"{file.DisplayPath}  {ByteSize.FormatExact(file.Length)}"));
        return table;
    }

    /// <summary>Makes the table of a magnet link.</summary>
    /// <param name="link">The link.</param>
    public static Table Of(MagnetLink link)
    {
        var table = new Table("MAGNET LINK DATA");
        table.AddLines("Tracker list", link.Trackers.DefaultIfEmpty("none"));
        AddIfThere(table, "File name", link.Name);
        if (link.Length is { } length)
            table.Add("File size", ByteSize.FormatExact(length));
        AddHashes(table, link.InfoHashes);
        table.AddLines("Web seeds", link.WebSeeds);
        table.AddLines("Torrent file at", link.Sources);
        table.AddLines("Peers", link.Peers.Select(FormatEndPoint));
        if (link.SelectedFiles.Count > 0)
            table.Add("Selected files", string.Join(',', link.SelectedFiles));
        return table;
    }

    /// <summary>The announce URLs, one a line; where there are several tiers, with their number.</summary>
    /// <param name="tiers">The tiers.</param>
    public static IEnumerable<string> TrackerLines(IReadOnlyList<IReadOnlyList<string>> tiers)
    {
        if (tiers.Count == 0)
            yield return "none";

        for (int tier = 0; tier < tiers.Count; tier++)
        {
            foreach (string url in tiers[tier])
                yield return tiers.Count == 1 ? url : string.Create(CultureInfo.InvariantCulture, $"tier {tier + 1}: {url}");
        }
    }

    /// <summary>Adds the info-hashes of a torrent.</summary>
    /// <param name="table">The table.</param>
    /// <param name="infoHashes">The info-hashes.</param>
    public static void AddHashes(Table table, InfoHashes infoHashes)
    {
        if (infoHashes.V1 is { } v1)
            table.Add("Info hash", v1.ToString());
        if (infoHashes.V2 is { } v2)
            table.Add("Info hash (v2)", v2.ToString());
    }

    private static string FormatEndPoint(DnsEndPoint endPoint)
    {
        string host = endPoint.Host.Contains(':', StringComparison.Ordinal) ? $"[{endPoint.Host}]" : endPoint.Host;
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{endPoint.Port}");
    }

    private static void AddIfThere(Table table, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            table.AddLines(label, value.ReplaceLineEndings("\n").Split('\n'));
    }
}
