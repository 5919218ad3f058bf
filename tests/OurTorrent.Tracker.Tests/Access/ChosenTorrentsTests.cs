using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Tests.Http;

namespace OurTorrent.Tracker.Tests.Access;

public sealed class ChosenTorrentsTests
{
    private static readonly TrackerOptions Options = new() { Torrents = new HashSet<InfoHash> { HttpRig.Hash(1), HttpRig.Hash(2) } };

    [Fact]
    public async Task The_chosen_torrents_are_served()
    {
        await using HttpRig rig = await HttpRig.StartAsync(Options);

        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        await rig.AnnounceAsync(HttpRig.Request(2, 1001, left: 0));
        ScrapeResponse scrape = await rig.ScrapeAsync(1, 2, 3);

        Assert.Equal([HttpRig.Hash(1), HttpRig.Hash(2)], scrape.Entries.Keys.Order());
        Assert.Equal((1, 1), (scrape.Entries[HttpRig.Hash(1)].Leechers, scrape.Entries[HttpRig.Hash(2)].Seeders));
    }

    [Fact]
    public async Task All_others_are_refused_for_good()
    {
        await using HttpRig rig = await HttpRig.StartAsync(Options);

        TrackerFailure failure = await rig.FailAsync(HttpTrackerUrl.ForAnnounce(rig.Url + "/announce", HttpRig.Request(3, 1001))[rig.Url.Length..]);

        Assert.Equal("This torrent is not registered with this tracker.", failure.Message);
        Assert.Equal(0, rig.Server.Swarms.Totals.Torrents);
    }
}
