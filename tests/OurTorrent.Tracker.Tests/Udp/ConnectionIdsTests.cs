using System.Net;
using CsCheck;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker.Tests.Udp;

public sealed class ConnectionIdsTests
{
    private const uint Now = 1_700_000_000;

    private static readonly byte[] Key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private static readonly ClientAddress Client = Address("192.0.2.1");

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void An_id_holds_for_two_minutes_and_not_a_second_longer(string address)
    {
        var ids = new ConnectionIds([]);
        ClientAddress client = Address(address);

        // Whatever the second it is issued in.
        for (uint issued = Now; issued < Now + 300; issued++)
        {
            ulong id = ids.Issue(client, issued);
            for (uint age = 0; age <= ConnectionIds.Lifetime; age++)
                Assert.True(ids.IsValid(id, client, issued + age), $"Issued at {issued}, {age} s old.");
            for (uint age = ConnectionIds.Lifetime + 1; age < 1000; age++)
                Assert.False(ids.IsValid(id, client, issued + age), $"Issued at {issued}, {age} s old.");
        }
    }

    [Fact]
    public void An_id_holds_where_the_clock_is_a_minute_behind_that_of_the_node_that_issued_it()
    {
        var ids = new ConnectionIds(Key);
        ulong id = new ConnectionIds(Key).Issue(Client, Now);

        Assert.True(ids.IsValid(id, Client, Now - 60));
        Assert.False(ids.IsValid(id, Client, Now - 61));
    }

    [Fact]
    public void An_id_is_worth_nothing_at_another_address()
    {
        var ids = new ConnectionIds([]);
        ulong id = ids.Issue(Client, Now);

        Assert.False(ids.IsValid(id, Address("192.0.2.2"), Now));
        Assert.False(ids.IsValid(id, Address("::c000:201"), Now));
        Assert.False(ids.IsValid(ids.Issue(Address("2001:db8::1"), Now), Address("2001:db8::2"), Now));
        Assert.False(ids.IsValid(ids.Issue(Address("2001:db8::1"), Now), Address("2001:db8:0:1::1"), Now));
    }

    [Fact]
    public void An_id_is_worth_nothing_under_another_key()
    {
        ulong id = new ConnectionIds([]).Issue(Client, Now);

        Assert.False(new ConnectionIds([]).IsValid(id, Client, Now));
    }

    [Fact]
    public void Nodes_with_the_same_key_give_the_same_ids() =>
        Assert.Equal(new ConnectionIds(Key).Issue(Client, Now), new ConnectionIds(Key).Issue(Client, Now));

    [Fact]
    public void An_id_with_one_bit_changed_does_not_hold()
    {
        var ids = new ConnectionIds([]);
        ulong id = ids.Issue(Client, Now);

        for (int bit = 0; bit < 64; bit++)
            Assert.False(ids.IsValid(id ^ (1UL << bit), Client, Now), $"Bit {bit}.");
    }

    [Fact]
    public void An_id_that_was_made_up_does_not_hold()
    {
        var ids = new ConnectionIds([]);

        Gen.Select(Gen.ULong, Gen.UInt).Sample((id, now) => !ids.IsValid(id, Client, now));
    }

    private static ClientAddress Address(string text) => ClientAddress.From(IPAddress.Parse(text));
}
