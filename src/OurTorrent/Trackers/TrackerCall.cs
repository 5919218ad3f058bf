using System.Globalization;
using OurTorrent.Loop;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>An announce or scrape under way: ends once, by an answer, a failure, its time limit or its caller.</summary>
/// <typeparam name="T">What it answers.</typeparam>
internal class TrackerCall<T> : ITrackerCall, IDisposable
    where T : class
{
    private readonly CancellationTokenSource _cancellation = new();
    private TimeSpan _started;
    private readonly LoopTimer _limit;
    private Action<T?, TrackerFailure?>? _done;

    /// <summary>Makes a call.</summary>
    /// <param name="loop">The loop it lives on.</param>
    /// <param name="limit">How long it may take from now on; null when the time does not run yet.</param>
    /// <param name="done">Told of the outcome.</param>
    public TrackerCall(EngineLoop loop, TimeSpan? limit, Action<T?, TrackerFailure?> done)
    {
        Loop = loop;
        _done = done;
        Cancellation = _cancellation.Token;
        _limit = loop.CreateTimer(FailTimedOut);
        if (limit is { } time)
            Limit(time);
    }

    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen => _done is not null;

    protected EngineLoop Loop { get; }

    /// <summary>Cancelled when it ends.</summary>
    protected CancellationToken Cancellation { get; }

    /// <summary>Ends it with an answer.</summary>
    public void Succeed(T answer) => End(answer, null);

    /// <summary>Ends it with a failure.</summary>
    public void Fail(TrackerFailure failure) => End(null, failure);

    /// <summary>Ends it because no answer came in time.</summary>
    public void FailTimedOut() => Fail(new(
        TrackerFailureReason.TimedOut,
        string.Create(CultureInfo.InvariantCulture, $"timed out after {(Loop.Now - _started).TotalSeconds:0} s")));

    /// <inheritdoc/>
    public void Cancel()
    {
        if (!IsOpen)
            return;

        _done = null;
        _limit.Cancel();
        _cancellation.Cancel();
        _cancellation.Dispose();
        OnEnded();
    }

    /// <inheritdoc/>
    public void Dispose() => Cancel();

    /// <summary>Has the time run from now on.</summary>
    /// <param name="limit">How long it may take.</param>
    protected void Limit(TimeSpan limit)
    {
        _started = Loop.Now;
        _limit.Set(limit);
    }

    /// <summary>Lets go of what it held; called once when it ends, however it does.</summary>
    protected virtual void OnEnded()
    {
    }

    private void End(T? answer, TrackerFailure? failure)
    {
        if (_done is not { } done)
            return;

        Cancel();
        done(answer, failure);
    }
}
