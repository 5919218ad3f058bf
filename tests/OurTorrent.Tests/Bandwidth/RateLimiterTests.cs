using CsCheck;
using OurTorrent.Bandwidth;

namespace OurTorrent.Tests.Bandwidth;

public sealed class RateLimiterTests
{
    [Theory]
    [InlineData(20_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    [InlineData(50_000_000)]
    [InlineData(1_000_000_000)]
    public void The_flow_keeps_the_rate_within_two_percent(long rate)
    {
        var limiter = new RateLimiter();
        limiter.SetRate(TimeSpan.Zero, rate);

        // A rate of a block a second is seen over a longer time.
        TimeSpan span = TimeSpan.FromSeconds(rate < 100_000 ? 100 : 10);
        Assert.InRange(Flow(limiter, TimeSpan.Zero, span, 16384 * 8), rate * span.TotalSeconds * 0.98, rate * span.TotalSeconds * 1.02);
    }

    [Fact]
    public void Without_a_limit_everything_passes()
    {
        var limiter = new RateLimiter(new RateLimiter());

        Assert.True(limiter.IsUnlimited);
        Assert.Equal(long.MaxValue, limiter.Take(TimeSpan.Zero, long.MaxValue));
        Assert.Null(limiter.NextAvailable(TimeSpan.Zero));
    }

    [Fact]
    public void Torrents_share_what_their_session_may_have()
    {
        var session = new RateLimiter();
        session.SetRate(TimeSpan.Zero, 1_000_000);
        var unlimited = new RateLimiter(session);
        var limited = new RateLimiter(session);
        limited.SetRate(TimeSpan.Zero, 200_000);

        long slow = 0;
        long all = 0;
        TimeSpan now = TimeSpan.Zero;
        for (; now < TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(1))
        {
            long taken = limited.Take(now, 16384);
            slow += taken;
            all += taken + unlimited.Take(now, 16384);
        }

        Assert.InRange(slow, 190_000 * 10, 204_000 * 10);
        Assert.InRange(all, 980_000 * 10, 1_020_000 * 10);
    }

    [Fact]
    public void After_a_pause_no_more_than_a_burst_passes_at_once()
    {
        var limiter = new RateLimiter();
        limiter.SetRate(TimeSpan.Zero, 1_000_000);

        Assert.Equal(100_000, limiter.Take(TimeSpan.FromHours(1), long.MaxValue));
        Assert.Equal(0, limiter.Take(TimeSpan.FromHours(1), long.MaxValue));
    }

    [Fact]
    public void A_trickle_is_saved_up_unless_no_more_is_wanted()
    {
        var limiter = new RateLimiter();
        limiter.SetRate(TimeSpan.Zero, 16384);

        Assert.Equal(0, limiter.Take(TimeSpan.FromSeconds(0.5), 100_000));
        Assert.Equal(100, limiter.Take(TimeSpan.FromSeconds(0.5), 100));
        Assert.Equal(16384 - 100, limiter.Take(TimeSpan.FromSeconds(1), 16384 - 100));
    }

    [Fact]
    public void It_says_when_it_is_worth_asking_again()
    {
        var parent = new RateLimiter();
        var limiter = new RateLimiter(parent);
        limiter.SetRate(TimeSpan.Zero, 16384);

        Assert.Equal(TimeSpan.FromSeconds(1), limiter.NextAvailable(TimeSpan.Zero));
        Assert.Null(limiter.NextAvailable(TimeSpan.FromSeconds(1)));

        parent.SetRate(TimeSpan.FromSeconds(1), 8192);
        Assert.Equal(TimeSpan.FromSeconds(3), limiter.NextAvailable(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void What_did_not_pass_can_be_given_back()
    {
        var limiter = new RateLimiter();
        limiter.SetRate(TimeSpan.Zero, 1_000_000);
        long taken = limiter.Take(TimeSpan.FromSeconds(1), 50_000);
        limiter.Return(30_000);

        Assert.Equal(80_000, limiter.Take(TimeSpan.FromSeconds(1), long.MaxValue));
        Assert.Equal(50_000, taken);
    }

    [Fact]
    public void A_new_limit_counts_from_now()
    {
        var limiter = new RateLimiter();
        Flow(limiter, TimeSpan.Zero, TimeSpan.FromSeconds(1), 1 << 30);
        limiter.SetRate(TimeSpan.FromSeconds(1), 1_000_000);
        Assert.InRange(Flow(limiter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(11), 65536), 9_800_000, 10_200_000);

        limiter.SetRate(TimeSpan.FromSeconds(11), 100_000);
        Assert.InRange(Flow(limiter, TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(21), 65536), 980_000, 1_020_000);

        limiter.SetRate(TimeSpan.FromSeconds(21), null);
        Assert.Equal(1 << 30, limiter.Take(TimeSpan.FromSeconds(21), 1 << 30));
    }

    [Fact]
    public void Whoever_asks_whenever_the_rate_and_one_burst_are_never_exceeded()
    {
        Gen.Select(Gen.Long[1000, 100_000_000], Gen.Select(Gen.Int[0, 500], Gen.Long[1, 200_000]).Array[1, 200])
            .Sample((rate, asks) =>
            {
                var limiter = new RateLimiter();
                limiter.SetRate(TimeSpan.Zero, rate);
                TimeSpan now = TimeSpan.Zero;
                double passed = 0;
                foreach ((int wait, long wanted) in asks)
                {
                    now += TimeSpan.FromMilliseconds(wait);
                    passed += limiter.Take(now, wanted);
                    Assert.True(passed <= (rate * now.TotalSeconds) + 1);
                }
            });
    }

    private static long Flow(RateLimiter limiter, TimeSpan from, TimeSpan until, long wanted)
    {
        long passed = 0;
        for (TimeSpan now = from; now < until;)
        {
            long taken = limiter.Take(now, wanted);
            passed += taken;
            if (limiter.IsUnlimited)
                break;

            // A loop wakes a little after it asked to.
            if (taken == 0)
                now = limiter.NextAvailable(now)!.Value + TimeSpan.FromMicroseconds(50);
        }

        return passed;
    }
}
