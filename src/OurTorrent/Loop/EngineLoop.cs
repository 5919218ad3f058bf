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
    private readonly PriorityQueue<(LoopTimer Timer, int Version), TimeSpan> _timers = new();
    private readonly TimeProvider _time;
    private readonly long _started;
    private int _wakePending;
    private volatile bool _stopping;
    private Thread? _thread;

    /// <summary>Makes a loop that does not run yet.</summary>
    /// <param name="network">The sockets it waits on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onError">Told of an exception that escaped a callback; the loop goes on.</param>
    public EngineLoop(INetwork network, TimeProvider time, Action<Exception> onError)
    {
        Network = network;
        _time = time;
        _started = time.GetTimestamp();
        OnError = onError;
    }

    /// <summary>The sockets of this loop.</summary>
    public INetwork Network { get; }

    /// <summary>The time since the loop was made, as of the current turn: one reading of the clock serves a whole turn.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>The wall clock, for what people read and files store.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>Whether the caller is on the loop's thread.</summary>
    public bool IsCurrent => _thread is null || Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    private Action<Exception> OnError { get; }

    /// <summary>Runs the loop on a thread of its own.</summary>
    public void Start()
    {
        _thread = new Thread(RunUntilStopped) { IsBackground = true, Name = "OurTorrent loop" };
        _thread.Start();
    }

    /// <summary>Hands over work; any thread may call it.</summary>
    public void Post(ILoopWork work)
    {
        _posted.Enqueue(work);
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
            Network.Wake();
    }

    /// <summary>Hands over work; any thread may call it.</summary>
    public void Post(Action work) => Post(new ActionWork(work));

    /// <summary>Does something on the loop and hands its result back.</summary>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                // The caller asked for this and is told; the loop goes on.
                completion.SetException(e);
            }
        });
        return completion.Task;
    }

    /// <summary>Makes a timer that is not set.</summary>
    public LoopTimer CreateTimer(Action callback) => new(this, callback);

    /// <summary>When the next timer is due, or null when none is set.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (_timers.TryPeek(out (LoopTimer Timer, int Version) next, out TimeSpan due))
            {
                if (next.Timer.Version == next.Version)
                    return due;
                _timers.Dequeue();
            }

            return null;
        }
    }

    /// <summary>Whether work has been posted that no turn has done yet.</summary>
    public bool HasPosted => !_posted.IsEmpty;

    /// <summary>One turn: waits for sockets (when asked to, and nothing is due), then runs what is ready, posted and due.</summary>
    /// <param name="wait">Whether to wait until there is something to do.</param>
    public void Turn(bool wait)
    {
        TimeSpan timeout = TimeSpan.Zero;
        if (wait && _posted.IsEmpty)
        {
            ReadClock();
            timeout = NextDue switch
            {
                null => Timeout.InfiniteTimeSpan,
                { } due when due > Now => due - Now,
                _ => TimeSpan.Zero,
            };
        }

        try
        {
            Network.Poll(timeout);
        }
        catch (Exception e) when (Report(e))
        {
        }

        ReadClock();
        Volatile.Write(ref _wakePending, 0);
        RunPosted();
        RunTimers();
    }

    /// <summary>Ends the thread after the current turn and waits for it, unless the loop itself is the caller.</summary>
    public void Dispose()
    {
        _stopping = true;
        Network.Wake();
        if (_thread is { } thread && !IsCurrent)
            thread.Join();
        else if (_thread is null)
            Network.Dispose();
    }

    internal void Enqueue(LoopTimer timer) => _timers.Enqueue((timer, timer.Version), timer.Due!.Value);

    private void RunUntilStopped()
    {
        while (!_stopping)
            Turn(wait: true);
        RunPosted();
        Network.Dispose();
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
            catch (Exception e) when (Report(e))
            {
            }
        }
    }

    private void RunTimers()
    {
        while (NextDue is { } due && due <= Now)
        {
            LoopTimer timer = _timers.Dequeue().Timer;
            try
            {
                timer.Fire();
            }
            catch (Exception e) when (Report(e))
            {
            }
        }
    }

    private bool Report(Exception exception)
    {
        OnError(exception);
        return true;
    }

    private void ReadClock() => Now = _time.GetElapsedTime(_started);

    private sealed class ActionWork(Action action) : ILoopWork
    {
        public void Run() => action();
    }
}
