using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>What a person is told when a torrent is complete, and when all is over.</summary>
internal static class TransferSummary
{
    /// <summary>The line about a torrent that is complete now.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="time">The clock.</param>
    public static string Completed(ActiveTorrent torrent, TimeProvider time)
    {
        TorrentStatus status = torrent.Status;
        string size = ByteSize.Format(status.BytesWanted);
        long fetched = torrent.BytesFetched;
        if (fetched == 0)
            return $"{torrent.Name}: complete, all {size} is here and verified";

        TimeSpan taken = time.GetElapsedTime(torrent.Started);
        long rate = (long)(fetched / Math.Max(0.001, taken.TotalSeconds));
        return $"{torrent.Name}: complete, {size} verified; {ByteSize.Format(fetched)} fetched in {Duration.FormatPast(taken)} ({ByteSize.FormatRate(rate)})";
    }

    /// <summary>Prints how the trackers stand, and what was sent.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="torrents">The torrents.</param>
    public static void Print(CommandRun run, IReadOnlyList<ActiveTorrent> torrents)
    {
        foreach (Table table in TransferText.TrackersTables(torrents))
            run.Screen.Print(table);

        foreach (ActiveTorrent torrent in torrents.Where(static torrent => torrent.Status.BytesUploaded > 0))
        {
            string ratio = torrent.Status.Ratio.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
            run.Screen.PrintLine($"{torrent.Name}: {ByteSize.Format(torrent.Status.BytesUploaded)} sent, ratio {ratio}");
        }
    }
}
