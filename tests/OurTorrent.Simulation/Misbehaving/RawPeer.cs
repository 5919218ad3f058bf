using System.Net;
using OurTorrent.Loop;
using OurTorrent.Network;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Storage;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>
/// A peer of the simulated world that is no engine: it speaks the wire itself, so that it can say what no engine would. What it
/// says is decided by its <see cref="Misbehavior"/>.
/// </summary>
internal sealed class RawPeer : IListenHandler
{
    private const int Port = 6881;
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly Misbehavior _behavior;
    private readonly LoopTimer _tick;
    private readonly List<RawConnection> _connections = [];

    /// <summary>Puts a peer on a host of its own.</summary>
    /// <param name="simulator">The world.</param>
    /// <param name="host">The machine.</param>
    /// <param name="content">The content, which it has.</param>
    /// <param name="behavior">What it does.</param>
    public RawPeer(Simulator simulator, VirtualHost host, SimulatedContent content, Misbehavior behavior)
    {
        Content = content;
        Random = new Random(simulator.Random.Next());
        _behavior = behavior;
        Host = host;
        EndPoint = new IPEndPoint(Host.Addresses[0], Port);
        Loop = simulator.CreateLoop(Host);
        Loop.Network.Listen(EndPoint, this);
        var id = new byte[PeerId.Length];
        Random.NextBytes(id);
        Id = new PeerId(id);
        _tick = Loop.CreateTimer(Tick);
        _tick.Set(TickInterval);
    }

    /// <summary>The machine it is on.</summary>
    public VirtualHost Host { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it turns on.</summary>
    public EngineLoop Loop { get; }

    /// <summary>The content, which it has whole.</summary>
    public SimulatedContent Content { get; }

    /// <summary>The torrent.</summary>
    public TorrentMetainfo Metainfo => Content.Metainfo;

    /// <summary>How it names itself.</summary>
    public PeerId Id { get; }

    /// <summary>Chance, for whatever it does by chance.</summary>
    public Random Random { get; }

    /// <summary>When it was connected to, or connected, and the handshakes were exchanged.</summary>
    public List<TimeSpan> Handshakes { get; } = [];

    /// <summary>Its connections.</summary>
    public IReadOnlyList<RawConnection> Connections => _connections;

    /// <summary>Whom it has sent blocks that are not right.</summary>
    public HashSet<IPAddress> Deceived { get; } = [];

    /// <summary>How many blocks it has sent.</summary>
    public int BlocksSent { get; set; }

    /// <summary>Connects to a peer.</summary>
    public void Dial(IPEndPoint remote) => Loop.Post(() =>
    {
        var connection = new RawConnection(this, _behavior, remote);
        _connections.Add(connection);
        connection.Connect();
    });

    /// <inheritdoc/>
    public IStreamHandler OnAccepted(IStreamSocket socket)
    {
        var connection = new RawConnection(this, _behavior, socket.RemoteEndPoint);
        _connections.Add(connection);
        connection.Accepted(socket);
        return connection;
    }

    /// <summary>A connection has ended.</summary>
    public void Ended(RawConnection connection)
    {
        if (_connections.Remove(connection))
            _behavior.Ended(connection);
    }

    private void Tick()
    {
        _tick.Set(TickInterval);
        foreach (RawConnection connection in _connections.ToArray())
        {
            if (connection.IsOpen)
                _behavior.Tick(connection);
        }
    }
}
