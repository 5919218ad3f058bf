using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Tests.Access;

public sealed class AccessListTests : IDisposable
{
    private readonly AccessRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void With_an_allow_list_nothing_else_is_served()
    {
        string list = _rig.Write("allow", $"# ours\n{AccessRig.Hash(1)}\n\n  {AccessRig.Hash(2).ToString().ToUpperInvariant()}  # two\r\n");
        _rig.Start(new AccessOptions { AllowListFiles = [list] });

        Assert.Equal([Refusal.None, Refusal.None, Refusal.TorrentNotAllowed], [_rig.Announce(1), _rig.Announce(2), _rig.Announce(3)]);
        Assert.Equal([Refusal.None, Refusal.TorrentNotAllowed], [_rig.Scrape(1), _rig.Scrape(3)]);
    }

    [Fact]
    public void What_is_denied_is_not_served_although_it_is_allowed()
    {
        string allow = _rig.Write("allow", $"{AccessRig.Hash(1)}\n{AccessRig.Hash(2)}");
        string deny = _rig.Write("deny", AccessRig.Hash(2).ToString());
        _rig.Start(new AccessOptions { AllowListFiles = [allow], DenyListFiles = [deny] });

        Assert.Equal([Refusal.None, Refusal.TorrentDenied], [_rig.Announce(1), _rig.Announce(2)]);
    }

    [Fact]
    public void An_empty_allow_list_serves_nothing()
    {
        _rig.Start(new AccessOptions { AllowListFiles = [_rig.Write("allow", "# none yet\n")] });

        Assert.Equal(Refusal.TorrentNotAllowed, _rig.Announce(1));
    }

    [Fact]
    public void A_v2_info_hash_is_known_by_its_first_20_bytes()
    {
        _rig.Start(new AccessOptions { AllowListFiles = [_rig.Write("allow", $"{AccessRig.Hash(1)}{new string('a', 24)}\n")] });

        Assert.Equal(Refusal.None, _rig.Announce(1));
    }

    [Theory]
    [InlineData("# fine\n\nnot-a-hash\n", "3: 'not-a-hash' does not fit: an info-hash of 40 hexadecimal digits is needed.")]
    [InlineData("722fe65b2aa26d14f35b4ad627d20236e481d92", "1: '722fe65b2aa26d14f35b4ad627d20236e481d92' does not fit: an info-hash of 40 hexadecimal digits is needed.")]
    public void A_wrong_line_at_the_start_is_an_error_that_names_it(string text, string expected)
    {
        string list = _rig.Write("allow", text);

        AccessListException error = Assert.Throws<AccessListException>(() => _rig.Start(new AccessOptions { AllowListFiles = [list] }));

        Assert.Equal($"{list}:{expected}", error.Message);
    }

    [Fact]
    public void A_list_that_is_not_there_at_the_start_is_an_error()
    {
        AccessListException error = Assert.Throws<AccessListException>(() => _rig.Start(new AccessOptions { BlockListFiles = [_rig.PathOf("none")] }));

        Assert.Equal($"The list '{_rig.PathOf("none")}' cannot be read: there is no such file.", error.Message);
    }

    [Fact]
    public void A_list_that_changes_is_read_again_once_it_has_settled()
    {
        string list = _rig.Write("allow", $"{AccessRig.Hash(1)}\n");
        _rig.Start(new AccessOptions { AllowListFiles = [list] });

        _rig.Write("allow", $"{AccessRig.Hash(2)}\n");
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Refusal.None, _rig.Announce(1));
        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([Refusal.TorrentNotAllowed, Refusal.None], [_rig.Announce(1), _rig.Announce(2)]);
    }

    [Fact]
    public void A_list_that_is_half_written_or_has_vanished_leaves_the_old_one_in_force()
    {
        string list = _rig.Write("deny", $"{AccessRig.Hash(1)}\n");
        _rig.Start(new AccessOptions { DenyListFiles = [list] });

        _rig.Write("deny", $"{AccessRig.Hash(2)}\n722fe6");
        _rig.Look();
        Assert.Equal([Refusal.TorrentDenied, Refusal.None], [_rig.Announce(1), _rig.Announce(2)]);

        File.Delete(list);
        _rig.Look();
        Assert.Equal([Refusal.TorrentDenied, Refusal.None], [_rig.Announce(1), _rig.Announce(2)]);

        _rig.Write("deny", $"{AccessRig.Hash(2)}\n");
        _rig.Look();
        Assert.Equal([Refusal.None, Refusal.TorrentDenied], [_rig.Announce(1), _rig.Announce(2)]);
    }

    [Fact]
    public void Nothing_is_answered_to_blocked_networks()
    {
        string list = _rig.Write("block", "203.0.113.0/24 # bad\n2001:db8:bad::/48\n");
        _rig.Start(new AccessOptions { BlockListFiles = [list], BlockedNetworks = [System.Net.IPNetwork.Parse("192.0.2.0/24")] });

        Assert.True(_rig.IsIgnored("203.0.113.200"));
        Assert.True(_rig.IsIgnored("2001:db8:bad:1::7"));
        Assert.True(_rig.IsIgnored("192.0.2.1"));
        Assert.False(_rig.IsIgnored("198.51.100.7"));
        Assert.False(_rig.IsIgnored("2001:db8:900d::7"));
    }

    [Theory]
    [InlineData("-XL", "-XL0012-012345678901", true)]
    [InlineData("-XL", "-qB5000-012345678901", false)]
    [InlineData("M%37-", "M7-9-2--012345678901", true)]
    public void Clients_are_blocked_by_the_beginning_of_their_peer_id(string blocked, string peerId, bool isBlocked)
    {
        _rig.Start(new AccessOptions { BlockedClients = [blocked] });

        Assert.Equal(isBlocked ? Refusal.ClientBlocked : Refusal.None, _rig.Announce(1, peerId: peerId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-XL0012-0123456789012")]
    [InlineData("%2")]
    [InlineData("%zz")]
    [InlineData("é")]
    public void What_cannot_be_the_beginning_of_a_peer_id_is_refused(string blocked) =>
        Assert.Throws<ArgumentException>(() => new AccessOptions { BlockedClients = [blocked] }.Validate());

    [Fact]
    public void The_database_allows_and_denies_while_the_tracker_runs()
    {
        using AccessDatabase database = AccessDatabase.Open(_rig.Database, _rig.Time);
        database.Set(AccessRig.Hash(1), isAllowed: true, "one");
        _rig.Start(new AccessOptions { AllowedOnly = true }, withDatabase: true);
        Assert.Equal([Refusal.None, Refusal.TorrentNotAllowed], [_rig.Announce(1), _rig.Announce(2)]);

        database.Set(AccessRig.Hash(1), isAllowed: false);
        database.Set(AccessRig.Hash(2), isAllowed: true);
        _rig.Look();
        Assert.Equal([Refusal.TorrentDenied, Refusal.None], [_rig.Announce(1), _rig.Announce(2)]);

        Assert.True(database.Remove(AccessRig.Hash(2)));
        Assert.False(database.Remove(AccessRig.Hash(2)));
        _rig.Look();
        Assert.Equal(Refusal.TorrentNotAllowed, _rig.Announce(2));
        TorrentAccess left = Assert.Single(database.GetTorrents());
        Assert.Equal((AccessRig.Hash(1), false, ""), (left.InfoHash, left.IsAllowed, left.Comment));
    }

    [Fact]
    public void A_private_tracker_serves_who_has_a_passkey_until_it_is_revoked()
    {
        using AccessDatabase database = AccessDatabase.Open(_rig.Database, _rig.Time);
        _rig.Start(new AccessOptions { Private = true }, withDatabase: true);
        Assert.Equal(Refusal.PasskeyMissing, _rig.Announce(1, path: "/announce"));

        string passkey = database.AddPasskey("alice") ?? "";
        Assert.Null(database.AddPasskey("alice"));
        Assert.Equal(Refusal.PasskeyUnknown, _rig.Announce(1, path: $"/{passkey}/announce"));
        _rig.Look();
        Assert.Equal(Refusal.None, _rig.Announce(1, path: $"/{passkey}/announce"));
        Assert.Equal(Refusal.None, _rig.Announce(1, path: $"/announce/{passkey}?left=0"));
        Assert.Equal(Refusal.None, _rig.Scrape(1, path: $"/scrape/{passkey}"));
        Assert.Equal(Refusal.PasskeyMissing, _rig.Scrape(1));
        Assert.Equal("alice", Assert.Single(database.GetPasskeys()).Name);

        Assert.True(database.RevokePasskey("alice"));
        Assert.False(database.RevokePasskey("alice"));
        _rig.Look();
        Assert.Equal(Refusal.PasskeyUnknown, _rig.Announce(1, path: $"/{passkey}/announce"));
    }

    [Fact]
    public void The_passkey_itself_is_not_in_the_database()
    {
        using (AccessDatabase database = AccessDatabase.Open(_rig.Database, _rig.Time))
        {
            string passkey = database.AddPasskey("alice") ?? "";
            database.Dispose();
            byte[] bytes = File.ReadAllBytes(_rig.Database);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(passkey)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Convert.FromHexString(passkey)));
        }
    }
}
