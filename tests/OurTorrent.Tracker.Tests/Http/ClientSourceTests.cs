using System.Net;
using Microsoft.Extensions.Primitives;
using OurTorrent.Tracker.Http;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class ClientSourceTests
{
    private static readonly HttpOptions BehindProxies = new()
    {
        TrustedProxies = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:1::/48"), IPNetwork.Parse("127.0.0.1/32")],
    };

    [Theory]
    [InlineData("10.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("127.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("2001:db8:1::7", "2001:db8:2::5", "2001:db8:2::5")]
    [InlineData("10.0.0.1", "198.51.100.9, 203.0.113.5", "203.0.113.5")]
    [InlineData("10.0.0.1", "198.51.100.9, 203.0.113.5, 10.9.9.9", "203.0.113.5")]
    [InlineData("10.0.0.1", "198.51.100.9|203.0.113.5", "203.0.113.5")]
    [InlineData("10.0.0.1", "203.0.113.5|10.1.1.1, 10.2.2.2", "203.0.113.5")]
    [InlineData("10.0.0.1", "203.0.113.5:4711", "203.0.113.5")]
    [InlineData("10.0.0.1", "[2001:db8:2::5]:4711", "2001:db8:2::5")]
    [InlineData("10.0.0.1", "[2001:db8:2::5]", "2001:db8:2::5")]
    [InlineData("10.0.0.1", "::ffff:203.0.113.5", "203.0.113.5")]
    [InlineData("10.0.0.1", "10.3.3.3, 10.2.2.2", "10.3.3.3")]
    [InlineData("10.0.0.1", "203.0.113.5, unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.5, unknown, 10.2.2.2", "10.2.2.2")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", " , ,", "10.0.0.1")]
    [InlineData("10.0.0.1", "1", "10.0.0.1")]
    [InlineData("203.0.113.9", "198.51.100.1", "203.0.113.9")]
    public void The_client_is_the_last_hop_that_is_no_proxy_of_ours(string remote, string headers, string client) =>
        Assert.Equal(client, Find(BehindProxies, remote, headers.Split('|')).Address.ToString());

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("203.0.113.1", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_private_networks_are_believed(string remote, bool isBelieved) =>
        Assert.Equal(isBelieved, Find(new HttpOptions(), remote).IsBelieved);

    [Fact]
    public void Behind_a_proxy_that_nobody_named_nobody_is_believed() =>
        Assert.False(Find(new HttpOptions(), "127.0.0.1", "203.0.113.5").IsBelieved);

    [Fact]
    public void Behind_a_named_proxy_it_is_the_client_that_counts()
    {
        Assert.False(Find(BehindProxies, "10.0.0.1", "203.0.113.5").IsBelieved);
        Assert.True(Find(BehindProxies, "10.0.0.1", "192.168.1.5").IsBelieved);
    }

    [Theory]
    [InlineData(AnnouncedAddresses.Always, "203.0.113.1", true)]
    [InlineData(AnnouncedAddresses.Never, "127.0.0.1", false)]
    public void Whom_to_believe_can_be_set(AnnouncedAddresses setting, string remote, bool isBelieved) =>
        Assert.Equal(isBelieved, Find(new HttpOptions { AnnouncedAddresses = setting }, remote).IsBelieved);

    [Fact]
    public void A_connection_without_an_address_is_of_this_machine() =>
        Assert.Equal("127.0.0.1", new ClientSource(new HttpOptions()).Find(null, default).Address.ToString());

    private static HttpSource Find(HttpOptions options, string remote, params string[] headers) =>
        new ClientSource(options).Find(IPAddress.Parse(remote), new StringValues(headers));
}
