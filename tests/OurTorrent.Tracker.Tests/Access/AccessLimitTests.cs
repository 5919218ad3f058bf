using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Tests.Access;

public sealed class AccessLimitTests : IDisposable
{
    private const string Host = "198.51.100.7";
    private readonly AccessRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void An_address_that_asks_too_often_is_refused_and_others_are_not()
    {
        _rig.Start(new AccessOptions { RequestsPerMinute = 30 });

        for (int i = 0; i < 30; i++)
            Assert.Equal(Refusal.None, i % 2 == 0 ? _rig.Announce(1) : _rig.Scrape(1));
        Assert.Equal([Refusal.TooManyRequests, Refusal.TooManyRequests], [_rig.Announce(1), _rig.Scrape(1)]);
        Assert.Equal(Refusal.None, _rig.Announce(1, "198.51.100.8"));

        _rig.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([Refusal.None, Refusal.None, Refusal.TooManyRequests], [_rig.Announce(1), _rig.Announce(1), _rig.Announce(1)]);
    }

    [Fact]
    public void The_addresses_of_an_IPv6_64_count_as_one()
    {
        _rig.Start(new AccessOptions { RequestsPerMinute = 2 });

        Assert.Equal(
            [Refusal.None, Refusal.None, Refusal.TooManyRequests, Refusal.None],
            [_rig.Announce(1, "2001:db8::1"), _rig.Announce(1, "2001:db8::2"), _rig.Announce(1, "2001:db8::3"), _rig.Announce(1, "2001:db8:0:1::1")]);
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.114.1")]
    [InlineData("2001:db8:1:1::", "2001:db8:1:2::", "2001:db8:1:3::", "2001:db8:2:1::")]
    public void A_network_has_a_limit_of_its_own(string first, string second, string third, string elsewhere)
    {
        _rig.Start(new AccessOptions { NetworkRequestsPerMinute = 2 });

        Assert.Equal(
            [Refusal.None, Refusal.None, Refusal.TooManyRequests, Refusal.None],
            [_rig.Announce(1, first), _rig.Announce(1, second), _rig.Announce(1, third), _rig.Announce(1, elsewhere)]);
    }

    [Fact]
    public void Who_brings_many_ports_to_one_torrent_is_slowed_then_ignored_then_forgiven()
    {
        _rig.Start(new AccessOptions { NewPortsPerTorrentPerHour = 100, RefusalsBeforeIgnored = 50 });

        for (int port = 1; port <= 100; port++)
            _rig.Join(1, Host, port);
        Assert.Equal(Refusal.None, _rig.Announce(1));
        _rig.Join(1, Host, 101);

        for (int i = 0; i <= 50; i++)
        {
            Assert.False(_rig.IsIgnored(Host));
            Assert.Equal(Refusal.TooManyNewPeers, _rig.Announce(2));
        }

        Assert.True(_rig.IsIgnored(Host));
        Assert.False(_rig.IsIgnored("198.51.100.8"));
        AccessSnapshot snapshot = _rig.Control.Snapshot();
        Assert.Equal((0, 1), (snapshot.Slowed, snapshot.Ignored));
        Assert.Equal(new OffenderSummary("198.51.100.0/24", OffenderStage.Ignored, 51, 1), Assert.Single(snapshot.Worst));

        _rig.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(2));
        Assert.False(_rig.IsIgnored(Host));
        Assert.Equal(Refusal.None, _rig.Announce(2));
        Assert.Equal(0, _rig.Control.Snapshot().Ignored);
    }

    [Fact]
    public void Addresses_are_shown_only_where_they_may_be()
    {
        _rig.Start(new AccessOptions { NewPortsPerTorrentPerHour = 1 }, showAddresses: true);

        _rig.Join(1, Host, 1);
        _rig.Join(1, Host, 2);

        Assert.Equal(Host, Assert.Single(_rig.Control.Snapshot().Worst).Network);
    }

    [Fact]
    public void Who_joins_thousands_of_torrents_in_vain_is_slowed()
    {
        _rig.Start(new AccessOptions { NewPeersPerHour = 1000 });

        for (int torrent = 0; torrent <= 1000; torrent++)
            _rig.Join(torrent, Host, 6881);

        Assert.Equal([Refusal.TooManyNewPeers, Refusal.None], [_rig.Announce(5000), _rig.Announce(5000, "198.51.100.8")]);
        Assert.Equal(1, _rig.Control.Snapshot().Slowed);

        _rig.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(2));
        Assert.Equal(Refusal.None, _rig.Announce(5000));
    }

    [Fact]
    public void A_house_of_clients_and_a_seedbox_are_left_alone_by_the_defaults()
    {
        _rig.Start(new AccessOptions());

        // A school: 60 clients behind one address, 40 torrents each, all announced at once, and again after a restart on other ports.
        for (int round = 0; round < 2; round++)
        {
            for (int client = 0; client < 60; client++)
            {
                for (int torrent = 0; torrent < 40; torrent++)
                    _rig.Join(torrent, Host, (round * 1000) + client + 1);
            }
        }

        for (int torrent = 0; torrent < 15_000; torrent++)
            _rig.Join(torrent, "203.0.113.9", 6881);

        Assert.Equal([Refusal.None, Refusal.None], [_rig.Announce(1), _rig.Announce(1, "203.0.113.9")]);
        Assert.Empty(_rig.Control.Snapshot().Worst);
    }

    [Fact]
    public void This_machine_is_exempt_and_so_is_what_the_options_name()
    {
        _rig.Start(new AccessOptions
        {
            RequestsPerMinute = 1,
            NewPortsPerTorrentPerHour = 1,
            ExemptNetworks = [.. new AccessOptions().ExemptNetworks, System.Net.IPNetwork.Parse("203.0.113.0/24")],
        });

        foreach (string address in new[] { "127.0.0.1", "127.0.0.16", "::1", "203.0.113.9" })
        {
            for (int port = 1; port < 100; port++)
            {
                _rig.Join(1, address, port);
                Assert.Equal(Refusal.None, _rig.Announce(1, address));
            }
        }
    }

    [Fact]
    public void One_who_goes_on_asking_above_the_rate_is_ignored()
    {
        _rig.Start(new AccessOptions { RequestsPerMinute = 10, RefusalsBeforeIgnored = 20 });

        for (int i = 0; i < 10 + 21; i++)
            _rig.Announce(1);

        Assert.True(_rig.IsIgnored(Host));
    }

    [Fact]
    public void The_offenders_known_are_bounded()
    {
        _rig.Start(new AccessOptions { NewPortsPerTorrentPerHour = 1 });

        for (int i = 0; i < 70_000; i++)
        {
            string address = $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}";
            _rig.Join(1, address, 1);
            _rig.Join(1, address, 2);
        }

        Assert.InRange(_rig.Control.Snapshot().Slowed, 60_000, Offenders.MaxCount);
    }

    [Fact]
    public void Port_zero_is_refused()
    {
        _rig.Start(new AccessOptions());

        Assert.Equal(Refusal.PortInvalid, _rig.Announce(1, port: 0));
    }
}
