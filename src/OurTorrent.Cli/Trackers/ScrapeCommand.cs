using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Cli.Trackers;

/// <summary><c>ourtorrent scrape</c>: how many seeders, leechers and completed downloads the trackers count.</summary>
internal sealed class ScrapeCommand(CommandEnvironment environment, CommonOptions common) : TrackerCommand(
    environment, common, "scrape", "Ask the trackers how many seeders, leechers and completed downloads there are.",
    "ourtorrent scrape album.torrent",
    "ourtorrent scrape album.torrent --tracker http://127.0.0.1:6969/announce --json")
{
    /// <inheritdoc/>
    protected override async Task<bool> AskAsync(TrackerClient client, TrackedSwarm swarm, CommandRun run, CancellationToken cancellationToken)
    {
        ScrapeResult[] results;
        using (var line = new ProgressLine(run.Environment))
        {
            line.ShowNow($"Asking {Words.Count(swarm.Trackers.Count, "tracker")}...");
            results = await Task.WhenAll(swarm.Trackers.Select(url => AskAsync(client, url, swarm.InfoHash, cancellationToken)));
        }
        if (run.Json)
        {
            run.PrintJson(results, TrackerJson.Readable.IReadOnlyListScrapeResult);
        }
        else
        {
            var table = new Table("TRACKERS LIST", "Tracker", "Status", "Seeders", "Leechers", "Completed");
            foreach (ScrapeResult result in results)
            {
                table.Add(
                    result.Tracker, result.Ok ? "successful connection" : $"failed: {result.Error}", Format(result.Seeders),
                    Format(result.Leechers), Format(result.Completed));
            }

            run.Screen.Print(table);
        }

        return Array.Exists(results, static result => result.Ok);
    }

    private static async Task<ScrapeResult> AskAsync(TrackerClient client, string url, InfoHash infoHash, CancellationToken cancellationToken)
    {
        try
        {
            ScrapeResponse response = await client.ScrapeAsync(url, [infoHash], cancellationToken);

            // An HTTP tracker leaves out a swarm it does not know, where a UDP tracker counts nobody.
            ScrapeEntry entry = response.Entries.GetValueOrDefault(infoHash);
            return new ScrapeResult(url, true, null, entry.Seeders, entry.Leechers, entry.Completed);
        }
        catch (TrackerException e)
        {
            return new ScrapeResult(url, false, e.Failure.Message, null, null, null);
        }
    }
}
