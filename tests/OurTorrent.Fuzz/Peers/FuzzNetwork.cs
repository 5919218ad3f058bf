using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Fuzz.Peers;

/// <summary>A network on which everybody but the engine is played by the script.</summary>
internal sealed class FuzzNetwork : INetwork, IListenSocket
{
    private readonly List<FuzzSocket> _sockets = [];
    private readonly Queue<FuzzSocket> _accepting = new();
    private IListenHandler? _listener;

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Parse("10.0.0.100"), 6881);

    /// <summary>The connections that stand or are being made, as the engine sees them.</summary>
    public IReadOnlyList<FuzzSocket> Sockets => _sockets;

    /// <summary>Whether a poll has something to tell the engine.</summary>
    public bool HasEvents => _accepting.Count > 0 || _sockets.Exists(socket => socket.HasEvent);

    /// <summary>Somebody connects to the engine.</summary>
    public FuzzSocket Accept(IPEndPoint from)
    {
        var socket = new FuzzSocket(from, handler: null, Forget);
        _accepting.Enqueue(socket);
        return socket;
    }

    public void Poll(TimeSpan timeout)
    {
        while (_accepting.TryDequeue(out FuzzSocket? socket))
        {
            if (_listener?.OnAccepted(socket) is { } handler)
            {
                socket.Handler = handler;
                _sockets.Add(socket);
            }
            else
            {
                socket.Close();
            }
        }

        foreach (FuzzSocket socket in _sockets.ToArray())
            socket.Dispatch();
    }

    public void Wake()
    {
        // Nobody waits.
    }

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler)
    {
        var socket = new FuzzSocket(remote, handler, Forget);
        _sockets.Add(socket);
        return socket;
    }

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler)
    {
        _listener = handler;
        return this;
    }

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler) => throw new NotSupportedException();

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Close() => _listener = null;

    public void Dispose()
    {
        Close();
        foreach (FuzzSocket socket in _sockets.ToArray())
            socket.Close();
    }

    private void Forget(FuzzSocket socket) => _sockets.Remove(socket);
}
