using System.Diagnostics.Metrics;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Tests.Swarms;

namespace OurTorrent.Tracker.Tests.Requests;

public sealed class TrackerMeterTests
{
    [Fact]
    public void Who_listens_is_told_the_counts_with_their_tags()
    {
        var statistics = new TrackerStatistics();
        RequestCounters counters = statistics.CountersFor("of this test", isIPv6: true);
        counters.Announces = 7;
        counters.BytesSent = 900;
        using var meter = new TrackerMeter(statistics, new NaiveSwarmStore(), new AnnounceInterval(TimeSpan.FromMinutes(30)));
        List<string> seen = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "OurTorrent")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            // Trackers of other tests may run at the same time.
            var all = tags.ToArray();
            if (value > 0 && all.Any(tag => tag.Value is "of this test"))
                seen.Add($"{instrument.Name} {instrument.Unit} {string.Join(' ', all.Select(tag => tag.Value))} {value}");
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                "ourtorrent.tracker.requests {request} of this test ipv6 announce 7",
                "ourtorrent.tracker.io By of this test ipv6 transmit 900",
            ],
            seen);
    }
}
