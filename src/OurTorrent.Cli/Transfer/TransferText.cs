using System.Globalization;
using OurTorrent.Cli.Show;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Trackers;

namespace OurTorrent.Cli.Transfer;

/// <summary>The words and tables in which a transfer is told.</summary>
internal static class TransferText
{
    private const int MostFiles = 10;
    private const int MostTables = 10;
    private const int MostRows = 100;

    /// <summary>The word for a state.</summary>
    /// <param name="state">The state.</param>
    public static string StateOf(TorrentState state) => state switch
    {
        TorrentState.Checking => "checking",
        TorrentState.Downloading => "downloading",
        TorrentState.Seeding => "seeding",
        TorrentState.Failed => "failed",
        _ => "stopped",
    };

    /// <summary>The state with how far it is: <c>downloading, 42.1%</c>.</summary>
    /// <param name="status">The status.</param>
    public static string Describe(TorrentStatus status) => status switch
    {
        { State: TorrentState.Checking } => $"checking what is on disk, {Percent.Format(status.CheckProgress)}",
        { State: TorrentState.Seeding, IsComplete: true } => "complete, seeding",
        { State: TorrentState.Seeding } => $"seeding the {Percent.Format(status.Progress)} that is here",
        { IsComplete: true } => "complete",
        _ => $"{StateOf(status.State)}, {Percent.Format(status.Progress)}",
    };

    /// <summary>Turns what made a torrent fail into a line and an exit code.</summary>
    /// <param name="error">What.</param>
    public static CommandException Explain(TorrentException? error) => new(
        error?.Kind switch
        {
            TorrentErrorKind.CannotRead => ExitCode.CannotRead,
            TorrentErrorKind.CannotWrite or TorrentErrorKind.DiskFull => ExitCode.CannotWrite,
            _ => ExitCode.Failed,
        },
        error?.Message ?? "the torrent failed.",
        error);

    /// <summary>Rates, peers and what is left, in one line.</summary>
    /// <param name="status">The status.</param>
    public static string DescribeFlow(TorrentStatus status)
    {
        string seeds = status.SeedsConnected > 0 ? $" ({Words.Count(status.SeedsConnected, "seed")})" : "";
        string left = status.TimeLeft is { } time ? $", {Duration.Format(time)} left" : "";
        return $"down {ByteSize.FormatRate(status.DownloadRate)}, up {ByteSize.FormatRate(status.UploadRate)}, "
            + $"{Words.Count(status.PeersConnected, "peer")}{seeds}{left}";
    }

    /// <summary>Prints the table CLIENT TORRENT DATA of each torrent; of more than ten, one table with a line for each.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="session">The session.</param>
    /// <param name="torrents">Its torrents.</param>
    public static void PrintTorrents(Screen screen, Session session, IReadOnlyList<ActiveTorrent> torrents)
    {
        if (torrents.Count <= MostTables)
        {
            foreach (ActiveTorrent torrent in torrents)
                screen.Print(ClientTable(session, torrent));
            return;
        }

        var table = new Table("CLIENT TORRENT DATA", "File name", "File size", "Pieces", "Info hash");
        foreach (TorrentMetainfo metainfo in torrents.Take(MostRows).Select(static torrent => torrent.Torrent.Metainfo))
        {
            table.Add(
                metainfo.Name, ByteSize.Format(metainfo.TotalSize), metainfo.PieceCount.ToString(CultureInfo.InvariantCulture), metainfo.InfoHashes.Wire.ToString());
        }

        screen.Print(table);
        if (torrents.Count > MostRows)
            screen.PrintLine($"and {Words.Count(torrents.Count - MostRows, "more torrent")}");
    }

    /// <summary>The table TRACKERS LIST of each torrent that has trackers; of the first ten, when there are more.</summary>
    /// <param name="torrents">The torrents.</param>
    public static IEnumerable<Table> TrackersTables(IReadOnlyList<ActiveTorrent> torrents) => torrents
        .Take(MostTables)
        .Select(torrent => TrackersTable(torrent, torrents.Count > 1))
        .OfType<Table>();

    private static Table ClientTable(Session session, ActiveTorrent torrent)
    {
        TorrentMetainfo metainfo = torrent.Torrent.Metainfo;
        TorrentFile[] files = [.. metainfo.Files.Where(static file => !file.IsPadding)];
        var table = new Table("CLIENT TORRENT DATA");
        table.Add("File name", metainfo.Name);
        table.Add("File size", ByteSize.FormatExact(metainfo.TotalSize));
        table.Add("Piece length", ByteSize.FormatExact(metainfo.PieceLength));
        TorrentTable.AddHashes(table, metainfo.InfoHashes);
        table.AddLines("Files", ShortList(files));
        table.Add("Number of pieces", metainfo.PieceCount.ToString(CultureInfo.InvariantCulture));
        table.Add("Folder", torrent.Torrent.Options.Directory);
        table.AddLines("Client port", session.ListenEndPoints.Select(static endPoint => string.Create(CultureInfo.InvariantCulture, $"{endPoint.Port} on {endPoint.Address}")));
        table.Add("Client peer id", session.PeerId.ToString());
        return table;
    }

    private static Table? TrackersTable(ActiveTorrent torrent, bool isOneOfMany)
    {
        IReadOnlyList<TrackerStatus> trackers = torrent.Torrent.Trackers;
        if (trackers.Count == 0)
            return null;

        var table = new Table(isOneOfMany ? $"TRACKERS LIST: {Printable.Of(torrent.Name)}" : "TRACKERS LIST", "Tracker", "Status", "Seeders", "Leechers");
        foreach (TrackerStatus tracker in trackers)
            table.Add(tracker.Url, Describe(tracker), Number(tracker.Seeders), Number(tracker.Leechers));
        return table;
    }

    /// <summary>How a client gets on with a tracker.</summary>
    /// <param name="tracker">The tracker.</param>
    public static string Describe(TrackerStatus tracker) => tracker.State switch
    {
        TrackerState.Working => "successful connection",
        TrackerState.NotAttempted => "not attempted",
        TrackerState.Announcing => "waiting for an answer",
        _ => tracker.Error ?? "failed",
    };

    /// <summary>A number, or a dash where it is not known.</summary>
    /// <param name="number">The number.</param>
    public static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static IEnumerable<string> ShortList(TorrentFile[] files)
    {
        foreach (TorrentFile file in files.Take(files.Length <= MostFiles + 1 ? files.Length : MostFiles))
            yield return $"{file.DisplayPath}  {ByteSize.Format(file.Length)}";
        if (files.Length > MostFiles + 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"and {files.Length - MostFiles} more");
    }
}
