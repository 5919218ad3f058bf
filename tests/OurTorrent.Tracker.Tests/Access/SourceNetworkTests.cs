using System.Net;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Tracker.Tests.Access;

public class SourceNetworkTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48")]
    [InlineData("::1", "::/64", "::/48")]
    public void A_host_is_an_IPv4_address_or_an_IPv6_64(string address, string host, string around)
    {
        ClientAddress source = ClientAddress.From(IPAddress.Parse(address));

        Assert.Equal(host, SourceNetwork.HostOf(source).ToString());
        Assert.Equal(around, SourceNetwork.Around(source).ToString());
        Assert.Equal(around, SourceNetwork.HostOf(source).Widen().ToString());
        Assert.Equal(around, SourceNetwork.Around(source).Widen().ToString());
    }
}
