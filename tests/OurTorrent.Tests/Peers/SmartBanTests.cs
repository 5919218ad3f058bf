using System.Net;
using OurTorrent.Peers;

namespace OurTorrent.Tests.Peers;

public sealed class SmartBanTests
{
    private static readonly IPAddress Honest = IPAddress.Parse("1.1.1.1");
    private static readonly IPAddress Liar = IPAddress.Parse("6.6.6.6");
    private static readonly IPAddress OtherLiar = IPAddress.Parse("6.6.6.7");

    [Fact]
    public void Who_sent_the_whole_of_a_failed_piece_is_banned_at_once()
    {
        var ban = new SmartBan();

        Assert.Equal(Liar, ban.Failed(3, [new(0, Liar, 1), new(1, IPAddress.Parse("6.6.6.6"), 2)]));
        Assert.False(ban.Awaits(3));
    }

    [Fact]
    public void Only_those_whose_block_differs_from_the_good_one_are_banned()
    {
        var ban = new SmartBan();
        Assert.Null(ban.Failed(3, [new(0, Honest, 10), new(1, Liar, 99), new(2, Honest, 12)]));
        Assert.True(ban.Awaits(3));

        Assert.Equal([Liar], Passed(ban, 3, 10, 11, 12));
        Assert.False(ban.Awaits(3));
        Assert.Empty(Passed(ban, 3, 10, 11, 12));
    }

    [Fact]
    public void Liars_of_several_attempts_are_found_together_and_named_once()
    {
        var ban = new SmartBan();
        ban.Failed(3, [new(0, Honest, 10), new(1, Liar, 99), new(2, Liar, 98)]);
        ban.Failed(3, [new(0, OtherLiar, 97), new(1, Honest, 11), new(2, Liar, 98)]);

        Assert.Equal([Liar, OtherLiar], Passed(ban, 3, 10, 11, 12));
    }

    [Fact]
    public void A_piece_that_never_failed_bans_nobody()
    {
        var ban = new SmartBan();
        ban.Failed(4, [new(0, Honest, 10), new(1, Liar, 99)]);

        Assert.Empty(Passed(ban, 3, 1, 2));
    }

    [Fact]
    public void Evidence_is_bounded_and_the_oldest_goes_first()
    {
        var ban = new SmartBan();
        for (int piece = 0; piece < 100; piece++)
        {
            ban.Failed(piece, Enumerable.Range(0, 1000)
                .Select(block => new BlockEvidence(block, block == 0 ? Liar : Honest, (UInt128)block)).ToArray());
        }

        Assert.Equal(65, Enumerable.Range(0, 100).Count(ban.Awaits));
        Assert.False(ban.Awaits(34));
        Assert.True(ban.Awaits(99));
    }

    private static List<IPAddress> Passed(SmartBan ban, int piece, params UInt128[] digests)
    {
        var guilty = new List<IPAddress>();
        ban.Passed(piece, digests, guilty);
        return guilty;
    }
}
