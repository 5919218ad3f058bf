using System.ComponentModel;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace OurTorrent.Network.Epoll;

/// <summary>
/// The network on Linux: readiness from epoll, asked for on the loop's own thread, so that no packet pays for a change of
/// threads. Level-triggered: what a handler leaves unread is reported again.
/// </summary>
internal sealed unsafe class EpollNetwork : INetwork
{
    private const ulong WakeToken = ulong.MaxValue;
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(250);

    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly EpollEvents _events = new();
    private readonly TimeProvider _time;

    // The sockets by slot. A token is a slot and the slot's generation, which moves on when a socket leaves, so that an event
    // for a socket closed earlier in the same batch is known for what it is, whoever has the slot or the descriptor by then.
    private readonly List<EpollSocket?> _sockets = [];
    private readonly List<uint> _generations = [];
    private readonly Stack<int> _freeSlots = new();

    private readonly Stack<EpollSocket> _interestQueue = new();
    private readonly Queue<EpollStreamSocket> _failures = new();
    private readonly List<EpollListenSocket> _pausedListeners = [];
    private long _pausedAt;
    private bool _disposed;

    /// <summary>Opens epoll and what wakes it.</summary>
    /// <param name="time">The clock, for what is tried again after a while.</param>
    public EpollNetwork(TimeProvider time)
    {
        _time = time;
        _epoll = Own(LibC.EpollCreate(LibC.CloseOnExec));
        _wake = Own(LibC.EventDescriptor(0, LibC.CloseOnExec | LibC.NonBlocking));
        if (!TryControl(LibC.ControlAdd, (int)_wake.DangerousGetHandle(), LibC.EventIn | LibC.EventEdge, WakeToken))
            throw new Win32Exception(LibC.LastError);
    }

    /// <summary>Sends many buffers at once, for whichever socket asks.</summary>
    public GatherSend Gather { get; } = new();

    /// <summary>Room for one datagram of any size.</summary>
    public byte[] DatagramBuffer => field ??= new byte[65536];

    public void Poll(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ResumeListeners();
        FlushInterest();

        int count = LibC.EpollWait((int)_epoll.DangerousGetHandle(), _events.Pointer, EpollEvents.Capacity, Milliseconds(timeout));
        if (count < 0 && LibC.LastError != LinuxError.Interrupted)
            throw new Win32Exception(LibC.LastError);

        // A handler that throws ends the batch; epoll reports the rest of it again.
        for (int i = 0; i < count && !_disposed; i++)
        {
            ulong token = _events.Token(i);
            // Waking is all that the wake-up is for. It is reported once for each write and so never has to be read.
            if (token != WakeToken)
                Find(token)?.Dispatch(_events.Flags(i));
        }

        for (int i = _failures.Count; i > 0 && _failures.TryDequeue(out EpollStreamSocket? socket); i--)
            socket.DispatchFailure();
    }

    public void Wake()
    {
        // Other threads may call while the loop's thread disposes: the descriptor must not have become another file meanwhile.
        bool held = false;
        try
        {
            _wake.DangerousAddRef(ref held);
            ulong one = 1;
            _ = LibC.Write((int)_wake.DangerousGetHandle(), (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
        finally
        {
            if (held)
                _wake.DangerousRelease();
        }
    }

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new EpollStreamSocket(this, remote, local, handler);
    }

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new EpollListenSocket(this, local, handler);
    }

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new EpollDatagramSocket(this, local, handler);
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        DnsResolver.ResolveAsync(host, cancellationToken);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        for (int slot = 0; slot < _sockets.Count; slot++)
            _sockets[slot]?.Close();
        _failures.Clear();
        _epoll.Dispose();
        _wake.Dispose();
    }

    /// <summary>Gives a socket its slot.</summary>
    internal void Add(EpollSocket socket)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _sockets.Count;
            _sockets.Add(null);
            _generations.Add(0);
        }

        _sockets[slot] = socket;
        socket.Slot = slot;
    }

    /// <summary>Forgets a socket that is about to close its descriptor.</summary>
    internal void Remove(EpollSocket socket)
    {
        if (socket.Slot < 0)
            return;
        if (socket.Registered is not null)
            _ = TryControl(LibC.ControlDelete, socket.Descriptor, 0, 0);
        socket.Registered = null;
        _sockets[socket.Slot] = null;
        _generations[socket.Slot]++;
        _freeSlots.Push(socket.Slot);
        socket.Slot = -1;
    }

    /// <summary>Has <see cref="EpollSocket.Interest"/> looked at before the next wait: what is turned on and off in one turn costs no call.</summary>
    internal void QueueInterest(EpollSocket socket)
    {
        socket.InterestQueued = true;
        _interestQueue.Push(socket);
    }

    /// <summary>Has the handler told in the next poll that the connection failed at once.</summary>
    internal void QueueFailure(EpollStreamSocket socket) => _failures.Enqueue(socket);

    /// <summary>Leaves newcomers in the backlog for a while: the process has no descriptor for them.</summary>
    internal void PauseAccepting(EpollListenSocket listener)
    {
        _pausedAt = _time.GetTimestamp();
        _pausedListeners.Add(listener);
    }

    private static SafeFileHandle Own(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new Win32Exception(LibC.LastError);

    private EpollSocket? Find(ulong token)
    {
        int slot = (int)(uint)token;
        return _generations[slot] == (uint)(token >> 32) ? _sockets[slot] : null;
    }

    private void FlushInterest()
    {
        // Taken from the list before it is tried: one that cannot be watched must not keep the others from it for ever.
        while (_interestQueue.TryPop(out EpollSocket? socket))
        {
            socket.InterestQueued = false;
            if (socket.Slot < 0 || socket.Registered.GetValueOrDefault() == socket.Interest)
                continue;

            // A descriptor without interest is taken out altogether: epoll reports errors of the others unasked, and one
            // that nobody is told of would keep the loop from ever waiting again.
            uint interest = socket.Interest;
            ulong token = ((ulong)_generations[socket.Slot] << 32) | (uint)socket.Slot;
            int operation = interest == 0 ? LibC.ControlDelete : socket.Registered is null ? LibC.ControlAdd : LibC.ControlModify;
            if (!TryControl(operation, socket.Descriptor, interest, token))
                throw new Win32Exception(LibC.LastError);
            socket.Registered = interest == 0 ? null : interest;
        }
    }

    private bool TryControl(int operation, int descriptor, uint interest, ulong token)
    {
        byte* epollEvent = stackalloc byte[EpollEvents.MaxEventLength];
        EpollEvents.Write(epollEvent, interest, token);
        return LibC.EpollControl((int)_epoll.DangerousGetHandle(), operation, descriptor, epollEvent) == 0;
    }

    private int Milliseconds(TimeSpan timeout)
    {
        if (_failures.Count > 0)
            return 0;
        if (_pausedListeners.Count > 0 && (timeout < TimeSpan.Zero || timeout > AcceptPause))
            timeout = AcceptPause;
        if (timeout < TimeSpan.Zero)
            return -1;

        // Rounded up: waking just before a timer is due would mean a second, empty turn.
        return (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue);
    }

    private void ResumeListeners()
    {
        if (_pausedListeners.Count == 0 || _time.GetElapsedTime(_pausedAt) < AcceptPause)
            return;
        foreach (EpollListenSocket listener in _pausedListeners)
            listener.Resume();
        _pausedListeners.Clear();
    }
}
