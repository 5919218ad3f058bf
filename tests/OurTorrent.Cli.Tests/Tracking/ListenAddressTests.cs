using System.Net;
using System.Net.Sockets;
using OurTorrent.Cli.Tracking;

namespace OurTorrent.Cli.Tests.Tracking;

public class ListenAddressTests
{
    [Theory]
    [InlineData("192.0.2.7:6969", "192.0.2.7:6969")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[2001:db8::7]:65535", "[2001:db8::7]:65535")]
    public void An_address_is_one_end_point(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(ListenAddress.Parse(text)).ToString());

    [Fact]
    public void A_star_is_all_addresses_of_both_families() =>
        Assert.Equal(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, Assert.Single(ListenAddress.Parse("*:6969")).Address);

    [Fact]
    public void Localhost_is_this_machine_in_both_families() =>
        Assert.All(ListenAddress.Parse("localhost:6969"), static endPoint => Assert.True(IPAddress.IsLoopback(endPoint.Address)));

    [Theory]
    [InlineData("")]
    [InlineData("6969")]
    [InlineData(":6969")]
    [InlineData("*:")]
    [InlineData("*:65536")]
    [InlineData("*:-1")]
    [InlineData("*:6969x")]
    [InlineData("192.0.2:6969")]
    [InlineData("::1:6969")]
    [InlineData("[192.0.2.7]:6969")]
    [InlineData("example.org:6969")]
    public void Anything_else_is_none(string text) => Assert.Empty(ListenAddress.Parse(text));
}
