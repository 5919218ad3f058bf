using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

/// <summary>The network as one engine loop of a virtual host sees it.</summary>
internal sealed class HostNetwork(VirtualHost host) : INetwork
{
    private readonly Queue<IVirtualSocket> _attended = new();
    private readonly HashSet<IVirtualSocket> _sockets = [];
    private bool _woken;
    private bool _disposed;

    public VirtualHost Host { get; } = host;

    /// <summary>Told whenever a poll may have something to do that had not before.</summary>
    public Action? Roused { get; set; }

    /// <summary>Its connections, and those being made.</summary>
    internal IEnumerable<VirtualStreamSocket> Streams => _sockets.OfType<VirtualStreamSocket>();

    /// <summary>Whether a poll has something to do.</summary>
    public bool HasEvents
    {
        get
        {
            while (_attended.TryPeek(out IVirtualSocket? socket) && !socket.IsReady)
            {
                socket.IsAttended = false;
                _attended.Dequeue();
            }

            return _woken || _attended.Count > 0;
        }
    }

    public void Poll(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (timeout != TimeSpan.Zero && !HasEvents)
            throw new InvalidOperationException("Nothing waits in a simulation: the simulator turns the loops.");

        _woken = false;
        for (int i = _attended.Count; i > 0 && !_disposed && _attended.TryDequeue(out IVirtualSocket? socket); i--)
        {
            // On the list again before its handler has a chance to throw: what it leaves is told again.
            socket.IsAttended = false;
            Attend(socket);
            if (socket.IsReady)
                socket.Dispatch();
        }
    }

    public void Wake()
    {
        _woken = !_disposed;
        Roused?.Invoke();
    }

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var socket = new VirtualStreamSocket(this, remote, handler);
        _sockets.Add(socket);
        socket.Connect(local);
        return socket;
    }

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var socket = new VirtualListenSocket(this, local, handler);
        _sockets.Add(socket);
        return socket;
    }

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var socket = new VirtualDatagramSocket(this, local, handler);
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Looks a name up among those the network was given. The task is complete: nothing waits in a simulation.</summary>
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<IPAddress[]>(cancellationToken) : Host.Network.Resolve(host);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (IVirtualSocket socket in _sockets.ToList())
            socket.Close();
    }

    internal void Add(IVirtualSocket socket) => _sockets.Add(socket);

    internal void Remove(IVirtualSocket socket) => _sockets.Remove(socket);

    /// <summary>Has a socket's handler told in the next poll, if there is something to tell.</summary>
    internal void Attend(IVirtualSocket socket)
    {
        if (socket.IsAttended || !socket.IsReady)
            return;
        socket.IsAttended = true;
        _attended.Enqueue(socket);
        Roused?.Invoke();
    }
}
