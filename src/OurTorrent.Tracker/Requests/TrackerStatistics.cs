namespace OurTorrent.Tracker.Requests;

/// <summary>What the fronts have done: sums over all of their counters, and the rates of the last seconds.</summary>
internal sealed class TrackerStatistics
{
    /// <summary>Over how many samples rates are taken; one is taken each second.</summary>
    public const int Window = 5;

    /// <summary>For how many samples the rates are remembered: five minutes.</summary>
    public const int HistoryLength = 300;

    private readonly Lock _lock = new();
    private readonly List<(string Transport, bool IsIPv6, RequestCounters Counters)> _counters = [];
    private readonly Queue<(RequestCounts Counts, TimeSpan At)> _samples = new();
    private readonly Queue<RatePoint> _history = new();
    private RequestRates _rates;

    /// <summary>What the last samples tell, a second.</summary>
    public RequestRates Rates
    {
        get
        {
            lock (_lock)
                return _rates;
        }
    }

    /// <summary>The load of the last minutes, a point for each sample.</summary>
    public IReadOnlyList<RatePoint> History
    {
        get
        {
            lock (_lock)
                return [.. _history];
        }
    }

    /// <summary>New counters for one who counts.</summary>
    /// <param name="transport">How its requests come: <c>udp</c>, <c>http</c> or <c>https</c>.</param>
    /// <param name="isIPv6">Over which address family.</param>
    public RequestCounters CountersFor(string transport, bool isIPv6)
    {
        var counters = new RequestCounters();
        lock (_lock)
            _counters.Add((transport, isIPv6, counters));
        return counters;
    }

    /// <summary>All requests so far.</summary>
    public RequestCounts Total()
    {
        lock (_lock)
            return Sum(_counters);
    }

    /// <summary>All requests so far, by the way they came.</summary>
    public IReadOnlyList<TransportCounts> ByTransport()
    {
        lock (_lock)
        {
            return
            [
                .. _counters
                    .GroupBy(entry => (entry.Transport, entry.IsIPv6))
                    .OrderBy(group => group.Key.Transport, StringComparer.Ordinal)
                    .ThenBy(group => group.Key.IsIPv6)
                    .Select(group => new TransportCounts(group.Key.Transport, group.Key.IsIPv6, Sum(group))),
            ];
        }
    }

    /// <summary>Notes how far the counters are; the rates are taken between such notes.</summary>
    /// <param name="now">The time since the start.</param>
    public void Sample(TimeSpan now)
    {
        lock (_lock)
        {
            RequestCounts counts = Sum(_counters);
            if (_samples.TryPeek(out (RequestCounts Counts, TimeSpan At) first))
                Take(RequestRates.Between(first.Counts, counts, now - first.At));
            _samples.Enqueue((counts, now));
            if (_samples.Count > Window)
                _samples.Dequeue();
        }
    }

    private void Take(in RequestRates rates)
    {
        _rates = rates;
        if (_history.Count == HistoryLength)
            _history.Dequeue();
        _history.Enqueue(new RatePoint((float)rates.Requests, (float)rates.Announces));
    }

    private static RequestCounts Sum(IEnumerable<(string Transport, bool IsIPv6, RequestCounters Counters)> entries)
    {
        RequestCounts sum = default;
        foreach ((_, _, RequestCounters counters) in entries)
            sum += counters.Read();
        return sum;
    }
}
