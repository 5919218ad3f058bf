using OurTorrent.Bandwidth;

namespace OurTorrent.Tests.Bandwidth;

public sealed class RateMeterTests
{
    [Fact]
    public void A_steady_flow_shows_its_rate_whatever_the_moment()
    {
        var meter = new RateMeter();
        for (int ms = 0; ms <= 20_000; ms += 10)
        {
            meter.Add(TimeSpan.FromMilliseconds(ms), 1000);
            if (ms > 2000)
                Assert.InRange(meter.Rate(TimeSpan.FromMilliseconds(ms)), 98_000, 102_000);
        }

        Assert.Equal(2_001_000, meter.Total);
    }

    [Fact]
    public void It_falls_to_nothing_within_eight_seconds_of_silence()
    {
        var meter = new RateMeter();
        for (int s = 0; s < 10; s++)
            meter.Add(TimeSpan.FromSeconds(s), 100_000);

        Assert.InRange(meter.Rate(TimeSpan.FromSeconds(13)), 30_000, 70_000);
        Assert.Equal(0, meter.Rate(TimeSpan.FromSeconds(17)));
        Assert.Equal(1_000_000, meter.Total);
    }

    [Fact]
    public void The_first_block_is_no_rate_of_gigabytes()
    {
        var meter = new RateMeter();
        Assert.Equal(0, meter.Rate(TimeSpan.FromSeconds(100)));
        meter.Add(TimeSpan.FromSeconds(100), 16384);

        Assert.Equal(16384, meter.Rate(TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void After_a_long_pause_it_begins_anew()
    {
        var meter = new RateMeter();
        meter.Add(TimeSpan.Zero, 1_000_000);
        meter.Add(TimeSpan.FromSeconds(1000), 50_000);
        meter.Add(TimeSpan.FromSeconds(1001), 50_000);

        Assert.Equal(50_000, meter.Rate(TimeSpan.FromSeconds(1002)));
    }
}
