using System.Net;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class HttpFrontTests
{
    [Fact]
    public async Task Two_clients_find_each_other()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        AnnounceResponse first = await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        AnnounceResponse second = await rig.AnnounceAsync(HttpRig.Request(1, 1002, left: 0));
        AnnounceResponse third = await rig.AnnounceAsync(HttpRig.Request(1, 1001, why: AnnounceEvent.None));

        Assert.Empty(first.Peers);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 1001)], second.Peers);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 1002)], third.Peers);
        Assert.Equal((1, 1), (third.Seeders, third.Leechers));
        Assert.Equal(IPAddress.Loopback, third.ExternalAddress);
        Assert.InRange(third.Interval, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(33));
        Assert.InRange(third.MinInterval!.Value, TimeSpan.FromMinutes(15), third.Interval);
    }
}
