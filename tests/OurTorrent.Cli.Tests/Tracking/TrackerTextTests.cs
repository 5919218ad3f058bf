using OurTorrent.Cli.Tracking;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Tests.Tracking;

public class TrackerTextTests
{
    [Fact]
    public void Nothing_is_said_of_access_where_everybody_may_do_everything() => Assert.Equal("", TrackerText.Access(AccessSnapshot.Open));

    [Fact]
    public void Of_access_it_says_what_is_restricted_and_who_is_worst()
    {
        var access = new AccessSnapshot(
            AllowedTorrents: 1200, DeniedTorrents: 3, BlockedNetworks: 2, Passkeys: 40, Slowed: 1, Ignored: 2,
            [new OffenderSummary("192.0.2.0/24", OffenderStage.Ignored, 5001, 12345), new OffenderSummary("2001:db8::/48", OffenderStage.Slowed, 7, 0)]);

        Assert.Equal(
            "40 passkeys, 1,200 torrents allowed, 3 denied, 2 networks blocked, 1 slowed, 2 ignored: "
            + "192.0.2.0/24 (5,001 refused, 12,345 dropped), 2001:db8::/48 (7 refused, 0 dropped)",
            TrackerText.Access(access));
    }

    [Fact]
    public void Of_the_store_it_says_how_far_it_is_behind_or_why_nothing_is_kept()
    {
        Assert.Equal("nothing is kept", TrackerText.Journal(PersistenceStatus.None));
        Assert.Equal("store 3s behind (1,200 changes)", TrackerText.Journal(new PersistenceStatus(true, 1200, TimeSpan.FromSeconds(3), null)));
        Assert.Equal(
            "not kept: The disk is full (1,200 changes waiting)",
            TrackerText.Journal(new PersistenceStatus(false, 1200, TimeSpan.FromMinutes(3), "The disk is full.")));
    }
}
