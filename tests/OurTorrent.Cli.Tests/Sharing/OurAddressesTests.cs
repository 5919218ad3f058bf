using System.Net;
using OurTorrent.Cli.Sharing;

namespace OurTorrent.Cli.Tests.Sharing;

public sealed class OurAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void The_address_that_is_listened_on_is_the_only_one(string text)
    {
        IPAddress address = IPAddress.Parse(text);

        Assert.Equal([address], OurAddresses.Find(address));
    }

    [Fact]
    public void There_is_always_one_and_none_of_them_twice()
    {
        IReadOnlyList<IPAddress> all = OurAddresses.Find(null);

        Assert.NotEmpty(all);
        Assert.Equal(all.Distinct(), all);
        Assert.All(OurAddresses.Find(IPAddress.Any), static address => Assert.Equal(IPAddress.Any.AddressFamily, address.AddressFamily));
        Assert.All(OurAddresses.Find(IPAddress.IPv6Any), static address => Assert.Equal(IPAddress.IPv6Any.AddressFamily, address.AddressFamily));
    }

    [Theory]
    [InlineData("192.168.1.5", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("fd00::2", true)]
    [InlineData("198.51.100.7", false)]
    [InlineData("2001:db8::7", false)]
    public void An_address_of_a_house_is_told_from_one_of_the_world(string address, bool isInner) =>
        Assert.Equal(isInner, OurAddresses.IsInner(IPAddress.Parse(address)));
}
