namespace OurTorrent.Tracker.Requests;

/// <summary>
/// How long clients are told to wait before they announce again: the least interval while the load is under the target, more when it
/// is above, up to a bound.
/// </summary>
/// <remarks>
/// Clients follow a new interval only once the one they were told is over, half an hour later. Stretching it for as long as the load stays
/// high would therefore end at the bound each time. So the load is taken together with the interval it comes from: their product, the
/// announces that wait to be made, does not change when the interval does.
/// </remarks>
internal sealed class AnnounceInterval
{
    private static readonly TimeSpan RateSmoothing = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WayBack = TimeSpan.FromMinutes(10);

    private readonly double _least;
    private readonly double _most;
    private readonly double _targetRate;
    private double _rate;
    private double _followed;
    private double _exact;
    private int _seconds;

    /// <summary>Begins with the least interval.</summary>
    /// <param name="least">The interval while the load is low.</param>
    /// <param name="most">The longest there may be.</param>
    /// <param name="targetRate">How many requests a second are no reason to stretch it.</param>
    public AnnounceInterval(TimeSpan least, TimeSpan most, double targetRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetRate);
        _least = least.TotalSeconds;
        _most = most.TotalSeconds;
        _targetRate = targetRate;
        _followed = _exact = _least;
        _seconds = (int)_least;
    }

    /// <summary>An interval that stays as it is.</summary>
    /// <param name="always">The interval.</param>
    public AnnounceInterval(TimeSpan always)
        : this(always, always, double.MaxValue)
    {
    }

    /// <summary>The interval of now, in seconds.</summary>
    public int Seconds => Volatile.Read(ref _seconds);

    /// <summary>Takes the load of the last seconds into account. Called by one thread.</summary>
    /// <param name="requestsPerSecond">The load.</param>
    /// <param name="elapsed">How long it was measured for: the time since the last call.</param>
    public void Update(double requestsPerSecond, TimeSpan elapsed)
    {
        double seconds = elapsed.TotalSeconds;
        _rate += (requestsPerSecond - _rate) * Share(seconds, RateSmoothing.TotalSeconds);
        _followed += (_exact - _followed) * Share(seconds, _followed);
        double wanted = Math.Clamp(_rate * _followed / _targetRate, _least, _most);

        // Down in small steps: whoever asks too early again makes the load that has just gone.
        _exact += (wanted - _exact) * (wanted > _exact ? 1 : Share(seconds, WayBack.TotalSeconds));
        Volatile.Write(ref _seconds, (int)_exact);
    }

    /// <summary>How far a value follows another within a time, where it needs <paramref name="constant"/> for two thirds of the way.</summary>
    private static double Share(double seconds, double constant) => 1 - Math.Exp(-seconds / constant);
}
