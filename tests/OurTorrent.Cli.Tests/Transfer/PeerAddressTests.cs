using OurTorrent.Cli.Transfer;

namespace OurTorrent.Cli.Tests.Transfer;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("192.0.2.7:6881", "192.0.2.7", 6881)]
    [InlineData("[2001:db8::7]:1", "2001:db8::7", 1)]
    [InlineData("friend.example:65535", "friend.example", 65535)]
    public void A_host_and_a_port_are_read(string text, string host, int port) =>
        Assert.Equal(new PeerAddress(host, port), PeerAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.7")]
    [InlineData(":6881")]
    [InlineData("192.0.2.7:0")]
    [InlineData("192.0.2.7:65536")]
    [InlineData("192.0.2.7:-1")]
    [InlineData("2001:db8::7:6881")]
    [InlineData("[192.0.2.7]:6881")]
    [InlineData("a b:1")]
    public void Anything_else_is_refused(string text) => Assert.Null(PeerAddress.Parse(text));
}
