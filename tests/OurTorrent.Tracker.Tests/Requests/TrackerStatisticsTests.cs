using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Tests.Requests;

public sealed class TrackerStatisticsTests
{
    [Fact]
    public void Counters_of_all_workers_are_added_up()
    {
        var statistics = new TrackerStatistics();
        RequestCounters first = statistics.CountersFor("udp", isIPv6: false);
        RequestCounters second = statistics.CountersFor("udp", isIPv6: false);
        RequestCounters third = statistics.CountersFor("http", isIPv6: true);
        first.Announces = 1;
        first.Connects = 10;
        second.Announces = 2;
        third.Announces = 4;
        third.BytesSent = 100;

        Assert.Equal(new RequestCounts(10, 7, 0, 0, 0, 0, 0, 100), statistics.Total());
        Assert.Equal(17, statistics.Total().Requests);
        Assert.Equal(
            [
                new TransportCounts("http", true, new RequestCounts(0, 4, 0, 0, 0, 0, 0, 100)),
                new TransportCounts("udp", false, new RequestCounts(10, 3, 0, 0, 0, 0, 0, 0)),
            ],
            statistics.ByTransport());
    }

    [Fact]
    public void Rates_are_those_of_the_last_seconds()
    {
        var statistics = new TrackerStatistics();
        RequestCounters counters = statistics.CountersFor("udp", isIPv6: false);
        for (int second = 0; second <= 20; second++)
        {
            counters.Announces += second <= 10 ? 1000 : 50;
            statistics.Sample(TimeSpan.FromSeconds(second));
        }

        Assert.Equal(50, statistics.Rates.Announces, 3);
        Assert.Equal(50, statistics.Rates.Requests, 3);
        Assert.Equal(0, statistics.Rates.Scrapes);
    }

    [Fact]
    public void The_load_is_remembered_for_five_minutes()
    {
        var statistics = new TrackerStatistics();
        RequestCounters counters = statistics.CountersFor("udp", isIPv6: false);
        for (int second = 0; second < 1000; second++)
        {
            counters.Announces += second < 990 ? 0 : 100;
            statistics.Sample(TimeSpan.FromSeconds(second));
        }

        Assert.Equal(TrackerStatistics.HistoryLength, statistics.History.Count);
        Assert.Equal(0, statistics.History[0].Requests);
        Assert.Equal(100, statistics.History[^1].Announces, 3);
    }

    [Fact]
    public void There_are_no_rates_before_a_second_look() => Assert.Equal(default, new TrackerStatistics().Rates);
}
