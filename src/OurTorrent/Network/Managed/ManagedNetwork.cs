using System.Collections.Concurrent;
using System.Net;

namespace OurTorrent.Network.Managed;

/// <summary>
/// The network where there is no epoll: the runtime's own sockets. Their operations end on threads of the pool, which hand
/// them to the loop's next poll.
/// </summary>
internal sealed class ManagedNetwork : INetwork
{
    // Sockets closed amid a send of their last bytes. A peer that never takes them must not keep ever more sockets open.
    private const int MaxLingering = 64;

    private static readonly TimeSpan ResumeDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<ManagedOperation> _completed = new();
    private readonly WakeSignal _signal = new();
    private readonly HashSet<ManagedSocket> _sockets = [];
    private readonly Queue<ManagedStreamSocket> _attended = new();
    private readonly List<ManagedStreamSocket> _lingering = [];
    private readonly List<ManagedSocket> _paused = [];
    private readonly TimeProvider _time;
    private long _pausedAt;
    private bool _disposed;

    /// <summary>Makes a network without sockets.</summary>
    /// <param name="time">The clock, for what is tried again after a while.</param>
    public ManagedNetwork(TimeProvider time) => _time = time;

    /// <summary>Room for the buffers of one send, for whichever socket sends.</summary>
    public List<ArraySegment<byte>> Segments { get; } = [];

    public void Poll(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ResumePaused();
        bool isReady = BeginTurn();
        _signal.WaitAndReset(isReady || !_completed.IsEmpty ? TimeSpan.Zero : Limit(timeout));

        // Only what was there at the start of either: what a handler sets off is for the next poll.
        for (int i = _completed.Count; i > 0 && !_disposed && _completed.TryDequeue(out ManagedOperation? operation); i--)
            operation.Owner.OnCompleted(operation);
        for (int i = _attended.Count; i > 0 && !_disposed && _attended.TryDequeue(out ManagedStreamSocket? socket); i--)
        {
            // On the list again before its handler has a chance to throw: what it leaves is told again.
            socket.IsAttended = false;
            Attend(socket);
            socket.Dispatch();
        }
    }

    public void Wake() => _signal.Set();

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler) =>
        Add(new ManagedStreamSocket(this, remote, local, handler));

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler) => Add(new ManagedListenSocket(this, local, handler));

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler) =>
        Add(new ManagedDatagramSocket(this, local, handler));

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        DnsResolver.ResolveAsync(host, cancellationToken);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (ManagedSocket socket in _sockets.ToArray())
            socket.Close();
        foreach (ManagedStreamSocket socket in _lingering)
            socket.Abandon();
        _lingering.Clear();
    }

    /// <summary>Hands the end of an operation to the next poll; called on any thread.</summary>
    internal void Complete(ManagedOperation operation)
    {
        _completed.Enqueue(operation);
        _signal.Set();
    }

    /// <summary>Takes a socket in.</summary>
    internal T Add<T>(T socket)
        where T : ManagedSocket
    {
        if (_disposed)
        {
            socket.Close();
            ObjectDisposedException.ThrowIf(_disposed, this);
        }

        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Forgets a socket that closes.</summary>
    internal void Remove(ManagedSocket socket) => _sockets.Remove(socket);

    /// <summary>Has a socket looked at before and after the next wait: is there something to tell its handler, or to ask of the system?</summary>
    internal void Attend(ManagedStreamSocket socket)
    {
        if (socket.IsAttended || socket.IsClosed)
            return;
        socket.IsAttended = true;
        _attended.Enqueue(socket);
    }

    /// <summary>Keeps a closed socket until its last bytes are sent.</summary>
    internal void Linger(ManagedStreamSocket socket)
    {
        if (_disposed)
        {
            socket.Abandon();
            return;
        }

        _lingering.Add(socket);
        if (_lingering.Count <= MaxLingering)
            return;
        _lingering[0].Abandon();
        _lingering.RemoveAt(0);
    }

    /// <summary>The last bytes of a closed socket are sent.</summary>
    internal void EndLinger(ManagedStreamSocket socket) => _lingering.Remove(socket);

    /// <summary>Has <see cref="ManagedSocket.Resume"/> called after a while.</summary>
    internal void ResumeLater(ManagedSocket socket)
    {
        _pausedAt = _time.GetTimestamp();
        _paused.Add(socket);
    }

    /// <summary>Asks of the system what the sockets want to know, and drops those from the list that have nothing to say.</summary>
    /// <returns>Whether some handler has something to be told without waiting.</returns>
    private bool BeginTurn()
    {
        for (int i = _attended.Count; i > 0; i--)
        {
            ManagedStreamSocket socket = _attended.Dequeue();
            socket.Watch();
            if (socket.IsReady)
                _attended.Enqueue(socket);
            else
                socket.IsAttended = false;
        }

        return _attended.Count > 0;
    }

    private TimeSpan Limit(TimeSpan timeout)
    {
        if (_paused.Count > 0 && (timeout < TimeSpan.Zero || timeout > ResumeDelay))
            return ResumeDelay;
        if (timeout < TimeSpan.Zero)
            return Timeout.InfiniteTimeSpan;

        // Rounded up to what the wait can count: waking just before a timer is due would mean a second, empty turn.
        return TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue));
    }

    private void ResumePaused()
    {
        if (_paused.Count == 0 || _time.GetElapsedTime(_pausedAt) < ResumeDelay)
            return;
        ManagedSocket[] paused = [.. _paused];
        _paused.Clear();
        foreach (ManagedSocket socket in paused)
            socket.Resume();
    }
}
