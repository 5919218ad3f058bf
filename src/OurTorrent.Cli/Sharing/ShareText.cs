using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Sharing;

/// <summary>The words in which a share is told to a person.</summary>
internal static class ShareText
{
    private const int MostUrls = 4;

    /// <summary>Prints what a friend is given.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="settings">What is shared.</param>
    /// <param name="links">What a friend is given.</param>
    public static void PrintLinks(CommandRun run, ShareSettings settings, ShareLinks links)
    {
        TorrentMetainfo torrent = links.Torrent;
        int files = torrent.Files.Count(static file => !file.IsPadding);
        run.Screen.PrintLine($"Sharing {torrent.Name}, {ByteSize.Format(torrent.TotalSize)} in {Words.Count(files, "file")}. Your friend types:");
        run.Screen.PrintLine();
        PrintWhole(run, "    " + links.Command);
        run.Screen.PrintLine();
        run.Screen.PrintLine("Any other BitTorrent client opens that address. For ourtorrent there is also a magnet link:");
        run.Screen.PrintLine();
        PrintWhole(run, "    " + links.Magnet);
        run.Screen.PrintLine();
        if (settings.TorrentFile is { } file)
        {
            PrintWhole(run, $"The torrent file is here too: {Printable.Of(Path.GetRelativePath(run.Environment.CurrentDirectory, file))}");
            run.Screen.PrintLine();
        }

        if (links.Urls.Count > 1)
        {
            run.Screen.PrintLine("The same under other addresses of this machine:");
            foreach (string url in links.Urls.Skip(1).Take(MostUrls))
                PrintWhole(run, "    " + url);
            run.Screen.PrintLine();
        }

        if (!settings.Qr)
            return;

        if (!run.Environment.UseUnicode)
        {
            run.Say("this terminal cannot show a QR code.");
            return;
        }

        foreach (string line in QrPicture.Draw(links.Urls[0], run.Screen.IsTerminal && run.Environment.UseColor))
            run.Environment.Out.WriteLine(line);
        run.Screen.PrintLine();
    }

    /// <summary>How many take it, how fast it goes out, how many have it: one line.</summary>
    /// <param name="state">How it is doing.</param>
    public static string Describe(ShareState state)
    {
        TorrentStatus status = state.Torrent.Status;
        int connected = state.Torrent.Peers.Count(static peer => peer.Progress < 1);

        // Those who fetch it from other friends alone only the tracker knows.
        int leechers = Math.Max(connected, state.Others.Leechers);
        string who = leechers == 0 ? "nobody is downloading" : $"{Words.Count(leechers, "friend")} downloading";
        return $"{who}, up {ByteSize.FormatRate(status.UploadRate)}, {ByteSize.Format(status.BytesUploaded)} sent";
    }

    /// <summary>How many complete copies there are and when it ends: one line.</summary>
    /// <param name="state">How it is doing.</param>
    public static string DescribeGoal(ShareState state)
    {
        string copies = Copies(state.Copies.Count);
        string goal = state.StopAfter is { } most ? string.Create(CultureInfo.InvariantCulture, $", ends at {most}") : "";
        string left = state.TimeLeft is { } time ? $", {Duration.Format(time)} left" : "";
        return copies + goal + left;
    }

    /// <summary>The line about a friend who has all of it.</summary>
    /// <param name="name">What is shared.</param>
    /// <param name="copy">Who.</param>
    /// <param name="number">How many have it with this one.</param>
    /// <param name="stopAfter">How many shall have it, or null.</param>
    public static string Complete(string name, CompleteCopy copy, int number, int? stopAfter)
    {
        string of = stopAfter is { } most ? string.Create(CultureInfo.InvariantCulture, $" of {most}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{name}: copy {number}{of} is complete: {copy.Address} with {copy.Client} ({copy.Evidence})");
    }

    /// <summary>What came of it: one line.</summary>
    /// <param name="state">How it was doing.</param>
    public static string SumUp(ShareState state)
    {
        TorrentStatus status = state.Torrent.Status;
        CompleteCopies copies = state.Copies;
        string evidence = copies.Count == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" ({copies.AnnouncedCount} told to the tracker, {copies.SeenCount} seen)");
        return $"{state.Torrent.Name}: {ByteSize.Format(status.BytesUploaded)} sent, {Copies(copies.Count)}{evidence}";
    }

    private static string Copies(int count) => count == 0 ? "no complete copy yet" : count == 1 ? "1 complete copy" : string.Create(CultureInfo.InvariantCulture, $"{count} complete copies");

    // Not broken into lines by us: what is copied from a terminal must be one.
    private static void PrintWhole(CommandRun run, string line) => run.Environment.Out.WriteLine(line);
}
