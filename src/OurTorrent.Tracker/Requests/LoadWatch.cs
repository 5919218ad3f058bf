using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Requests;

/// <summary>Looks at the load each second, and has the announce interval follow it.</summary>
internal sealed class LoadWatch(TrackerStatistics statistics, AnnounceInterval interval, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly int _usual = interval.Seconds;
    private TimeSpan _last;
    private bool _isStretched;
    private ITimer? _timer;

    public void Start()
    {
        statistics.Sample(time.GetElapsedTime(_startedAt));
        _timer = time.CreateTimer(static watch => ((LoadWatch)watch!).Look(), this, Period, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        TimeSpan now = time.GetElapsedTime(_startedAt);
        statistics.Sample(now);
        double rate = statistics.Rates.Requests;
        interval.Update(rate, now - _last);
        _last = now;
        Tell(rate);

        // Set anew each time, so that two never run at once.
        _timer?.Change(Period, Timeout.InfiniteTimeSpan);
    }

    private void Tell(double rate)
    {
        int seconds = interval.Seconds;
        if (!_isStretched && seconds > _usual + (_usual / 10))
        {
            _isStretched = true;
            Log.IntervalStretched(logger, rate, seconds);
        }
        else if (_isStretched && seconds <= _usual + (_usual / 100))
        {
            _isStretched = false;
            Log.IntervalBack(logger, rate, seconds);
        }
    }
}
