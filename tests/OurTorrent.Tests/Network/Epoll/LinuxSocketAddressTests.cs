using System.Net;
using OurTorrent.Network.Epoll;

namespace OurTorrent.Tests.Network.Epoll;

public sealed class LinuxSocketAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", 1, 16)]
    [InlineData("255.255.255.255", 65535, 16)]
    [InlineData("2001:db8::1", 6881, 28)]
    [InlineData("fe80::1%5", 6881, 28)]
    [InlineData("::", 0, 28)]
    public void It_is_what_the_runtime_writes_too(string address, int port, int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has its own layout.");
        var endPoint = new IPEndPoint(IPAddress.Parse(address), port);
        byte[] bytes = new byte[LinuxSocketAddress.MaxLength];
        Array.Fill(bytes, (byte)0xee);

        Assert.Equal(length, LinuxSocketAddress.Write(endPoint, bytes));
        Assert.Equal(endPoint.Serialize().Buffer.Span[..length], bytes.AsSpan(0, length));
        Assert.Equal(endPoint, LinuxSocketAddress.Read(bytes.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(28)]
    public void Another_family_or_too_few_bytes_are_no_end_point(int length)
    {
        byte[] bytes = new byte[length];
        if (length > 0)
            bytes[0] = 1;

        Assert.Null(LinuxSocketAddress.Read(bytes));
    }

    [Fact]
    public void The_cache_gives_the_same_object_again_and_never_a_wrong_one()
    {
        var cache = new EndPointCache();
        byte[] bytes = new byte[LinuxSocketAddress.MaxLength];
        for (int round = 0; round < 2; round++)
        {
            for (int port = 1; port < 2000; port++)
            {
                var endPoint = new IPEndPoint(port % 2 == 0 ? IPAddress.Loopback : IPAddress.IPv6Loopback, port);
                ReadOnlySpan<byte> address = bytes.AsSpan(0, LinuxSocketAddress.Write(endPoint, bytes));
                IPEndPoint? first = cache.Get(address);

                Assert.Equal(endPoint, first);
                Assert.Same(first, cache.Get(address));
            }
        }
    }
}
