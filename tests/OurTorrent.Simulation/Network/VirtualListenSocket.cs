using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

/// <summary>A listening socket of a virtual host.</summary>
internal sealed class VirtualListenSocket : IListenSocket, IVirtualSocket
{
    private const int MaxBacklog = 512;

    private readonly HostNetwork _network;
    private readonly IListenHandler _handler;
    private readonly Queue<VirtualStreamSocket> _backlog = new();
    private bool _isClosed;

    public VirtualListenSocket(HostNetwork network, IPEndPoint local, IListenHandler handler)
    {
        _network = network;
        _handler = handler;
        LocalEndPoint = network.Host.Bind(local, this);
    }

    public IPEndPoint LocalEndPoint { get; }

    public bool IsAttended { get; set; }

    public bool IsReady => _backlog.Count > 0;

    public HostNetwork Network => _network;

    /// <summary>Takes a connection in, until it is accepted.</summary>
    /// <returns>False when there is no room, or no listening any more.</returns>
    public bool TryAdd(VirtualStreamSocket socket)
    {
        if (_isClosed || _backlog.Count >= MaxBacklog)
            return false;
        _backlog.Enqueue(socket);
        _network.Attend(this);
        return true;
    }

    public void Dispatch()
    {
        for (int i = _backlog.Count; i > 0 && _backlog.TryDequeue(out VirtualStreamSocket? socket); i--)
        {
            bool isWanted = false;
            try
            {
                if (_handler.OnAccepted(socket) is { } handler)
                {
                    socket.Attach(handler);
                    isWanted = true;
                }
            }
            finally
            {
                if (!isWanted)
                    socket.Close();
            }
        }
    }

    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _network.Remove(this);
        _network.Host.Unbind(this);
        while (_backlog.TryDequeue(out VirtualStreamSocket? socket))
            socket.Close();
    }
}
