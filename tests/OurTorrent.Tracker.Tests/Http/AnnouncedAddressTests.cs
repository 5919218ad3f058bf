using System.Text;
using OurTorrent.Tracker.Http;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class AnnouncedAddressTests
{
    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5:6881")]
    [InlineData("203.0.113.5:1234", "203.0.113.5:1234")]
    [InlineData("203.0.113.5%3A1234", "203.0.113.5:1234")]
    [InlineData("2001:db8::5", "[2001:db8::5]:6881")]
    [InlineData("2001%3Adb8%3A%3A5", "[2001:db8::5]:6881")]
    [InlineData("[2001:db8::5]", "[2001:db8::5]:6881")]
    [InlineData("[2001:db8::5]:1234", "[2001:db8::5]:1234")]
    [InlineData("%5B2001:db8::5%5D:1234", "[2001:db8::5]:1234")]
    [InlineData("::ffff:203.0.113.5", "203.0.113.5:6881")]
    public void An_address_is_taken_with_a_port_or_without(string text, string expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("203.0.113.5:0")]
    [InlineData("203.0.113.5:65536")]
    [InlineData("203.0.113.500")]
    [InlineData("203.0.113")]
    [InlineData("1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("fe80::1%25eth0")]
    [InlineData("peer.example")]
    [InlineData("%zz")]
    [InlineData("[2001:db8::5")]
    [InlineData("2001:db8::5]")]
    [InlineData("[203.0.113.5]:1")]
    [InlineData("0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001")]
    public void What_others_could_not_reach_is_passed_over(string text) => Assert.Null(Read(text));

    private static string? Read(string text) => AnnouncedAddress.Read(Encoding.ASCII.GetBytes(text), 6881)?.ToString();
}
