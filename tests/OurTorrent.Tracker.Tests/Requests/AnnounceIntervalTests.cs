using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Tests.Requests;

public sealed class AnnounceIntervalTests
{
    private const double Target = 1000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(60);

    [Theory]
    [InlineData(0, 1800)]
    [InlineData(1000, 1800)]
    [InlineData(1100, 1980)]
    [InlineData(1500, 2700)]
    [InlineData(2000, 3600)]
    [InlineData(1_000_000, 3600)]
    public void It_is_stretched_as_far_as_the_load_is_above_the_target(double rate, int expected)
    {
        var interval = new AnnounceInterval(Least, Most, Target);
        Run(interval, rate, seconds: 300);
        Assert.InRange(interval.Seconds, expected * 0.97, expected * 1.08);
    }

    [Fact]
    public void A_crowd_of_steady_clients_is_brought_to_the_target_and_held_there()
    {
        // 2.7 million clients, each of which waits for as long as it was told last: 1,500 a second at the least interval.
        const double Clients = 2_700_000;
        var interval = new AnnounceInterval(Least, Most, Target);
        var told = new Queue<double>();
        double sum = 0;
        List<int> seen = [];
        for (int second = 0; second < 12 * 3600; second++)
        {
            double followed = told.Count == 0 ? Least.TotalSeconds : sum / told.Count;
            interval.Update(Clients / followed, Second);
            told.Enqueue(interval.Seconds);
            sum += interval.Seconds;
            if (told.Count > 2700)
                sum -= told.Dequeue();
            if (second > 2 * 3600)
                seen.Add(interval.Seconds);
        }

        Assert.InRange(seen.Min(), 2700 * 0.9, 2700);
        Assert.InRange(seen.Max(), 2700, 2700 * 1.1);
    }

    [Fact]
    public void A_burst_of_seconds_is_no_load()
    {
        var interval = new AnnounceInterval(Least, Most, Target);
        Run(interval, 2000, seconds: 5);
        Assert.Equal(1800, interval.Seconds);
    }

    [Fact]
    public void It_comes_back_slowly()
    {
        var interval = new AnnounceInterval(Least, Most, Target);
        Run(interval, 10_000, seconds: 300);
        Assert.Equal(3600, interval.Seconds);

        int previous = interval.Seconds;
        for (int second = 0; second < 3600; second++)
        {
            interval.Update(0, Second);
            Assert.InRange(previous - interval.Seconds, 0, 5);
            previous = interval.Seconds;
        }

        Assert.InRange(previous, 1800, 1810);
    }

    [Fact]
    public void It_is_the_same_however_often_the_load_is_looked_at()
    {
        var often = new AnnounceInterval(Least, Most, Target);
        var seldom = new AnnounceInterval(Least, Most, Target);
        Run(often, 1300, seconds: 300);
        for (int i = 0; i < 30; i++)
            seldom.Update(1300, 10 * Second);
        Assert.InRange(often.Seconds - seldom.Seconds, -5, 5);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(10, 5, 1)]
    [InlineData(10, 20, 0)]
    public void Measures_that_make_no_sense_are_refused(int least, int most, double target) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnounceInterval(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most), target));

    private static void Run(AnnounceInterval interval, double rate, int seconds)
    {
        for (int second = 0; second < seconds; second++)
            interval.Update(rate, Second);
    }
}
