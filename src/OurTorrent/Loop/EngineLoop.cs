using System.Collections.Concurrent;
using OurTorrent.Network;

namespace OurTorrent.Loop;

/// <summary>
/// The single-threaded scheduler that owns the state of torrents and peers. Other threads hand it work with
/// <see cref="Post(ILoopWork)"/>; sockets and timers call back on it. It runs on a thread of its own after
/// <see cref="Start"/>, or turn by turn under a simulation.
/// </summary>
internal sealed class EngineLoop : IDisposable
{
    private readonly ConcurrentQueue<ILoopWork> _posted = new();
    private readonly TimeProvider _time;
    private readonly Action<Exception> _onError;
    private readonly long _started;
    private TimeSpan _now;
    private bool _clockIsStale;
    private int _wakePending;
    private volatile bool _stopping;
    private volatile bool _ended;
    private Thread? _thread;

    /// <summary>Makes a loop that does not run yet.</summary>
    /// <param name="network">The sockets it waits on; the loop disposes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onError">Told of an exception that escaped a callback; the loop goes on. Must not throw.</param>
    public EngineLoop(INetwork network, TimeProvider time, Action<Exception> onError)
    {
        Network = network;
        _time = time;
        _started = time.GetTimestamp();
        _onError = onError;
    }

    /// <summary>The sockets of this loop.</summary>
    public INetwork Network { get; }

    /// <summary>
    /// The time since the loop was made, as of the current turn: one reading of the clock, made after the wait, serves a
    /// whole turn.
    /// </summary>
    public TimeSpan Now
    {
        get
        {
            if (_clockIsStale)
                ReadClock();
            return _now;
        }
    }

    /// <summary>The wall clock, for what people read and files store.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>Whether the caller is on the loop's thread.</summary>
    public bool IsCurrent => _thread is null || Thread.CurrentThread == _thread;

    /// <summary>When the next timer is due, or null when none is set.</summary>
    public TimeSpan? NextDue => Timers.First?.Due;

    /// <summary>Called at the end of each turn: what was gathered during the turn is sent then.</summary>
    public Action? TurnEnding { get; set; }

    /// <summary>Whether work has been posted that no turn has done yet.</summary>
    public bool HasPosted => !_posted.IsEmpty;

    /// <summary>The reading of the clock that the loop's time counts from.</summary>
    internal long Started => _started;

    /// <summary>Whether it turns no more.</summary>
    internal bool HasEnded => _ended;

    /// <summary>The timers that are set.</summary>
    internal TimerQueue Timers { get; } = new();

    /// <summary>Runs the loop on a thread of its own.</summary>
    public void Start()
    {
        _thread = new Thread(RunUntilStopped) { IsBackground = true, Name = "OurTorrent loop" };
        _thread.Start();
    }

    /// <summary>Hands over work; any thread may call it. A loop that has ended forgets it.</summary>
    public void Post(ILoopWork work)
    {
        _posted.Enqueue(work);

        // The loop's own thread looks at the queue before it waits again; only others have to wake it.
        if (Interlocked.Exchange(ref _wakePending, 1) == 0 && Thread.CurrentThread != _thread)
            Network.Wake();
        if (_ended)
            AbandonPosted();
    }

    /// <summary>Hands over work; any thread may call it. A loop that has ended forgets it.</summary>
    public void Post(Action work) => Post(new ActionWork(work));

    /// <summary>Does something on the loop and hands its result, or the exception it throws, back.</summary>
    /// <exception cref="ObjectDisposedException">The loop has ended; the task carries it.</exception>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        var invocation = new Invocation<T>(work);
        Post(invocation);
        return invocation.Task;
    }

    /// <summary>Makes a timer that is not set.</summary>
    public LoopTimer CreateTimer(Action callback) => new(this, callback);

    /// <summary>One turn: waits for sockets (when asked to, and nothing is due), then runs what is ready, posted and due.</summary>
    /// <param name="wait">Whether to wait until there is something to do.</param>
    public void Turn(bool wait)
    {
        if (_ended)
            return;
        TimeSpan timeout = TimeSpan.Zero;
        if (wait && _posted.IsEmpty && !_stopping)
        {
            ReadClock();
            timeout = NextDue switch
            {
                null => Timeout.InfiniteTimeSpan,
                { } due when due > _now => due - _now,
                _ => TimeSpan.Zero,
            };
        }

        // What a handler reads during the poll is the time after the wait.
        _clockIsStale = true;
        try
        {
            Network.Poll(timeout);
        }
        catch (Exception e)
        {
            _onError(e);
        }

        // A full fence: work whose poster still sees the wake as pending must be seen by the look at the queue that follows.
        Interlocked.Exchange(ref _wakePending, 0);
        RunPosted();
        RunTimers();
        EndTurn();
    }

    /// <summary>
    /// Ends the thread after the current turn and waits for it, unless the loop itself is the caller. A loop that was not
    /// started ends at once. The network is disposed with it.
    /// </summary>
    public void Dispose()
    {
        _stopping = true;
        if (_thread is null)
        {
            End();
            return;
        }

        Network.Wake();
        if (!IsCurrent)
            _thread.Join();
    }

    private void RunUntilStopped()
    {
        while (!_stopping)
            Turn(wait: true);
        End();
    }

    private void End()
    {
        if (_ended)
            return;
        RunPosted();
        _ended = true;
        Network.Dispose();

        // A full fence between the flag and the last look at the queue: whoever posts meanwhile sees the one, or is seen by the other.
        Interlocked.MemoryBarrier();
        AbandonPosted();
    }

    private void RunPosted()
    {
        // Only what was there at the start: work that posts work must not starve the sockets.
        for (int count = _posted.Count; count > 0 && _posted.TryDequeue(out ILoopWork? work); count--)
        {
            try
            {
                work.Run();
            }
            catch (Exception e)
            {
                _onError(e);
            }
        }
    }

    private void RunTimers()
    {
        // Only what was set at the start: a timer that sets itself to now must not starve the sockets. Timers set from here
        // on are due now or later and stand behind all that were due before.
        long settings = Timers.NextSetting;
        while (Timers.First is { } timer && timer.DueOrZero <= Now && timer.Setting < settings)
        {
            try
            {
                timer.Fire();
            }
            catch (Exception e)
            {
                _onError(e);
            }
        }
    }

    private void EndTurn()
    {
        try
        {
            TurnEnding?.Invoke();
        }
        catch (Exception e)
        {
            _onError(e);
        }
    }

    private void AbandonPosted()
    {
        while (_posted.TryDequeue(out ILoopWork? work))
            (work as IInvocation)?.Abandon();
    }

    private void ReadClock()
    {
        _now = _time.GetElapsedTime(_started);
        _clockIsStale = false;
    }

    private interface IInvocation
    {
        /// <summary>Tells the caller that the loop has ended.</summary>
        void Abandon();
    }

    private sealed class ActionWork(Action action) : ILoopWork
    {
        public void Run() => action();
    }

    private sealed class Invocation<T>(Func<T> work) : ILoopWork, IInvocation
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _completion.Task;

        public void Run()
        {
            try
            {
                _completion.SetResult(work());
            }
            catch (Exception e)
            {
                // The caller asked for this and is told; the loop goes on.
                _completion.SetException(e);
            }
        }

        public void Abandon() => _completion.TrySetException(new ObjectDisposedException(nameof(EngineLoop)));
    }
}
