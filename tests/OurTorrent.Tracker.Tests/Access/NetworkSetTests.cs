using System.Net;
using CsCheck;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Tracker.Tests.Access;

public class NetworkSetTests
{
    private static readonly Gen<(bool IsIPv6, uint First, uint Length)> AnyRange = Gen.Select(Gen.Bool, Gen.UInt[0, 2000], Gen.UInt[0, 100]);

    [Fact]
    public void It_holds_what_any_of_its_ranges_holds() => Gen.Select(AnyRange.List[0, 30], AnyRange).Sample((specs, probe) =>
    {
        List<AddressRange> ranges = [.. specs.Select(RangeOf)];
        var set = new NetworkSet(ranges);

        ClientAddress address = RangeOf(probe).First;
        bool expected = ranges.Exists(range =>
            range.First.IsIPv6 == address.IsIPv6 && range.First.Bits <= address.Bits && address.Bits <= range.Last.Bits);

        Assert.Equal(expected, set.Contains(address));
        Assert.True(set.Count <= ranges.Count);
    });

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0", true)]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.9", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.9", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.3.9", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7 - 192.0.2.9", "192.0.2.9", true)]
    [InlineData("192.0.2.7-192.0.2.9", "192.0.2.10", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "ffff::1", true)]
    [InlineData("::/0", "192.0.2.1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    public void A_line_of_a_list_holds_these_addresses(string line, string address, bool expected)
    {
        Assert.True(AddressRange.TryParse(line, out AddressRange range));

        Assert.Equal(expected, new NetworkSet([range]).Contains(ClientAddress.From(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.9-192.0.2.1")]
    [InlineData("192.0.2.9-::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.org")]
    public void Other_lines_are_refused(string line) => Assert.False(AddressRange.TryParse(line, out _));

    [Fact]
    public void Ranges_that_touch_are_one() =>
        Assert.Equal(1, new NetworkSet([RangeOf((false, 0, 9)), RangeOf((false, 10, 5)), RangeOf((false, 3, 20))]).Count);

    private static AddressRange RangeOf((bool IsIPv6, uint First, uint Length) spec) =>
        new(new ClientAddress(spec.First, spec.IsIPv6), new ClientAddress(spec.First + spec.Length, spec.IsIPv6));
}
