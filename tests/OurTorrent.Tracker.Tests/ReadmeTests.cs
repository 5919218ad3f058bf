using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Hosting;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Tests.Http;

namespace OurTorrent.Tracker.Tests;

/// <summary>The examples of the package's README, compiled and run. The last test holds the two texts together.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tracker-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_tracker_is_started_and_tells_how_it_is_doing()
    {
        string path = Path.Combine(_folder.FullName, "tracker.db");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        TrackerOptions options = new()
        {
            UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
            HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
            Database = path,
        };
        await using TrackerServer tracker = await TrackerServer.StartAsync(options, cancellationToken: cancellationToken);
        string announceUrl = $"http://{tracker.HttpEndPoints[0]}/announce";

        tracker.PeerChanged += change => Console.WriteLine($"{change.InfoHash}: {change.Peer} {change.Change}");

        TrackerSnapshot now = tracker.GetStatistics();
        Console.WriteLine($"{now.Swarms.Torrents} torrents, {now.Swarms.Peers} peers, {now.Rates.Announces:F0} announces a second");
        foreach (SwarmSummary swarm in tracker.Swarms.Busiest(10))
            Console.WriteLine($"{swarm.InfoHash} {swarm.Counts.Seeders} {swarm.Counts.Leechers}");

        using var client = new HttpClient();
        await client.GetByteArrayAsync(new Uri(HttpTrackerUrl.ForAnnounce(announceUrl, HttpRig.Request(1, 1001))), cancellationToken);
        Assert.Equal(1, tracker.GetStatistics().Swarms.Peers);
    }

    [Fact]
    public async Task An_application_has_a_tracker_in_it()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        builder.Services.AddTracker(new TrackerOptions { UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] });
        WebApplication app = builder.Build();
        app.MapTracker("/tracker");
        app.MapTrackerPages("/status");

        await using (app)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var client = new HttpClient();
            Assert.NotEmpty(await client.GetStringAsync(new Uri(app.Urls.First() + "/status/stats"), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void Every_example_of_the_readme_is_in_this_file()
    {
        string[] readme = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Readme", "README.md"));
        string tests = Flatten(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Readme", "ReadmeTests.cs")));
        List<string> examples = [];
        for (int start = Array.IndexOf(readme, "```csharp"); start >= 0; start = Array.IndexOf(readme, "```csharp", start + 1))
            examples.Add(Flatten(readme[(start + 1)..Array.IndexOf(readme, "```", start)]));

        Assert.Equal(3, examples.Count);
        Assert.All(examples, example => Assert.Contains(example, tests, StringComparison.Ordinal));
    }

    private static string Flatten(string[] lines) => string.Join('\n', lines.Select(line => line.Trim()));
}
