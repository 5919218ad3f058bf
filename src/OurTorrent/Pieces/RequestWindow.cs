using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

/// <summary>
/// How many requests to keep outstanding at one peer, so that its blocks arrive without a pause, and whether it keeps us
/// waiting. The window opens by one for each block until the rate grows no more, and then holds what the peer sends in its
/// round trip and two seconds.
/// </summary>
/// <param name="limit">The most requests the peer takes: <c>reqq</c> of its extension handshake (BEP 10), else 250.</param>
internal sealed class RequestWindow(int limit = 250)
{
    /// <summary>No peer is asked for more at once, whatever it says it takes: 32 MiB under way.</summary>
    public const int Max = 2000;

    private const int Min = 2;
    private const int Initial = 4;
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRoundTrip = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(60);

    private int _limit = Math.Clamp(limit, 1, Max);
    private int _size = Initial;
    private bool _opening = true;
    private double _rate;
    private long _bytes;
    private TimeSpan _intervalStart;
    private TimeSpan _waitingSince;
    private bool _waiting;
    private int _probe;
    private TimeSpan _probeSent;
    private TimeSpan _shortest = TimeSpan.MaxValue;

    /// <summary>How many requests may be outstanding.</summary>
    public int Size => Math.Min(_size, _limit);

    /// <summary>The shortest time seen from a request to its block, or null before the first.</summary>
    public TimeSpan? RoundTrip => _shortest == TimeSpan.MaxValue ? null : _shortest;

    /// <summary>
    /// How long the peer may be silent with requests outstanding before it counts as snubbing us. For one that has sent nothing yet
    /// that is 20 s, within which a block comes at 1 KB/s; it is no verdict: what it was asked for may be asked of others then.
    /// </summary>
    public TimeSpan Patience
    {
        get
        {
            if (_rate <= 0)
                return FirstPatience;

            // Twenty blocks' time without one block is no hiccup.
            double seconds = 20 * BlockRequest.BlockSize / _rate;
            return TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestPatience.TotalSeconds, LongestPatience.TotalSeconds));
        }
    }

    /// <summary>
    /// How fast the peer sends when it is asked, in bytes per second: what was last measured, or less if its next block is longer
    /// in coming than that would have it; zero while nothing is known. An idle peer keeps its rate, and one that sends a block
    /// every ten seconds has one.
    /// </summary>
    public long RateAt(TimeSpan now)
    {
        if (!_waiting)
            return (long)_rate;

        double silence = (now - _waitingSince).TotalSeconds;
        double bound = silence > 0 ? BlockRequest.BlockSize / silence : double.MaxValue;
        return (long)(_rate > 0 ? Math.Min(_rate, bound) : now - _waitingSince < ShortestPatience ? 0 : bound);
    }

    /// <summary>Sets the most requests the peer takes.</summary>
    public void SetLimit(int limit) => _limit = Math.Clamp(limit, 1, Max);

    /// <summary>Requests went out.</summary>
    /// <param name="now">The time.</param>
    /// <param name="outstanding">How many are outstanding now.</param>
    public void Sent(TimeSpan now, int outstanding)
    {
        if (outstanding == 0)
            return;

        bool idle = !_waiting;
        if (idle)
        {
            _waiting = true;
            _waitingSince = now;
            _intervalStart = now;
            _bytes = 0;
        }

        // On an idle line the first request shows the round trip best: it waits behind none of our own.
        if (_probe == 0)
        {
            _probe = idle ? 1 : outstanding;
            _probeSent = now;
        }
    }

    /// <summary>A block that was asked for arrived.</summary>
    /// <param name="now">The time.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="outstanding">How many requests are outstanding now.</param>
    public void Received(TimeSpan now, int bytes, int outstanding)
    {
        _bytes += bytes;
        _waitingSince = now;
        _waiting = outstanding > 0;

        // Answers come in order: the block of the request that was the n-th to wait is the n-th from then.
        if (_probe > 0 && --_probe == 0)
            _shortest = TimeSpan.FromTicks(Math.Min(_shortest.Ticks, (now - _probeSent).Ticks));

        if (_opening && _size < Max)
            _size++;

        if (now - _intervalStart >= Interval)
            Measure(now);
    }

    /// <summary>Requests went away without a block: cancelled, rejected or given up.</summary>
    /// <param name="outstanding">How many are outstanding now.</param>
    public void Dropped(int outstanding)
    {
        _probe = 0;
        _waiting = outstanding > 0;
    }

    /// <summary>Starts to wait anew: the peer was not read from, for a reason of our own (a rate limit, a slow disk).</summary>
    public void Excuse(TimeSpan now)
    {
        _waitingSince = now;
        _probe = 0;
    }

    /// <summary>The peer choked us: the next time the window opens from its beginning.</summary>
    public void Reset()
    {
        _size = Initial;
        _opening = true;
        _waiting = false;
        _probe = 0;
        _rate = 0;
        _shortest = TimeSpan.MaxValue;
    }

    /// <summary>Whether the peer has kept requests waiting for longer than <see cref="Patience"/>.</summary>
    public bool IsSnubbed(TimeSpan now) => _waiting && now - _waitingSince >= Patience;

    /// <summary>Whether the peer has sent nothing for so long that its requests are to be given up.</summary>
    public bool HasTimedOut(TimeSpan now) => _waiting && now - _waitingSince >= 2 * LongestPatience;

    /// <summary>When <see cref="IsSnubbed"/> or <see cref="HasTimedOut"/> turns true next if nothing arrives, or null.</summary>
    public TimeSpan? NextDue(TimeSpan now)
    {
        if (!_waiting || HasTimedOut(now))
            return null;

        return _waitingSince + (IsSnubbed(now) ? 2 * LongestPatience : Patience);
    }

    private void Measure(TimeSpan now)
    {
        double rate = _bytes / (now - _intervalStart).TotalSeconds;
        _bytes = 0;
        _intervalStart = now;

        // While the window opens, the rate must grow with it; a tenth is within what a steady peer wavers by.
        if (_opening && _rate > 0 && rate < _rate * 1.1)
            _opening = false;
        _rate = _rate > 0 && !_opening ? (_rate + rate) / 2 : rate;
        if (_opening)
            return;

        TimeSpan roundTrip = RoundTrip is { } shortest && shortest < LongestRoundTrip ? shortest : TimeSpan.Zero;
        double blocks = _rate * (roundTrip + Slack).TotalSeconds / BlockRequest.BlockSize;
        _size = (int)Math.Clamp(Math.Ceiling(blocks), Min, Max);
    }
}
