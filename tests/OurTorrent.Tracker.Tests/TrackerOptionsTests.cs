using System.Net;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests;

public sealed class TrackerOptionsTests
{
    public static TheoryData<TrackerOptions, string> Senseless => new()
    {
        { new TrackerOptions { AnnounceInterval = TimeSpan.Zero }, "AnnounceInterval" },
        { new TrackerOptions { AnnounceInterval = TimeSpan.FromHours(17) }, "AnnounceInterval" },
        { new TrackerOptions { AnnounceInterval = TimeSpan.FromHours(2), MaxAnnounceInterval = TimeSpan.FromHours(1) }, "MaxAnnounceInterval" },
        { new TrackerOptions { MaxAnnounceInterval = TimeSpan.FromDays(1) }, "MaxAnnounceInterval" },
        { new TrackerOptions { TargetRequestRate = 0 }, "TargetRequestRate" },
        { new TrackerOptions { DefaultNumWant = -1 }, "DefaultNumWant" },
        { new TrackerOptions { MaxNumWant = 10 }, "MaxNumWant" },
        { new TrackerOptions { MaxNumWant = 100_000 }, "MaxNumWant" },
        { new TrackerOptions { UdpWorkers = -1 }, "UdpWorkers" },
        { new TrackerOptions { HttpsEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, "CertificateFile" },
        { new TrackerOptions { Http = new() { CertificateKeyFile = "key.pem" } }, "CertificateKeyFile" },
        { new TrackerOptions { Http = new() { MaxConnections = 0 } }, "MaxConnections" },
        { new TrackerOptions { Http = new() { IdleTimeout = TimeSpan.Zero } }, "IdleTimeout" },
        { new TrackerOptions { Swarms = new() { MaxTorrents = 0 } }, "MaxTorrents" },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void What_makes_no_sense_is_named(TrackerOptions options, string name) =>
        Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void The_defaults_make_sense() => new TrackerOptions().Validate();

    [Theory]
    [InlineData(30, 60)]
    [InlineData(300, 600)]
    [InlineData(900, 960)]
    [InlineData(960, 960)]
    public void The_interval_is_stretched_to_twice_what_it_is_where_nobody_has_said(int minutes, int most)
    {
        var options = new TrackerOptions { AnnounceInterval = TimeSpan.FromMinutes(minutes) };
        options.Validate();
        Assert.Equal(TimeSpan.FromMinutes(most), options.EffectiveMaxInterval);
    }

    [Theory]
    [InlineData(60, 45, 90)]
    [InlineData(120, 45, 180)]
    [InlineData(30, 45, 45)]
    [InlineData(60, 600, 600)]
    public void Peers_outlive_the_longest_interval_they_may_be_told(int most, int lifetime, int expected)
    {
        var options = new TrackerOptions
        {
            MaxAnnounceInterval = TimeSpan.FromMinutes(most),
            Swarms = new MemorySwarmStoreOptions { PeerLifetime = TimeSpan.FromMinutes(lifetime) },
        };
        Assert.Equal(TimeSpan.FromMinutes(expected), options.EffectiveSwarms.PeerLifetime);
    }
}
