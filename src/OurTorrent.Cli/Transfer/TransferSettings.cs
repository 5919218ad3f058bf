using System.Net;
using System.Net.Sockets;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>How torrents are to be downloaded or seeded.</summary>
internal sealed record TransferSettings
{
    /// <summary>The folder of the content, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>The port to listen on; 0 takes any, and null the engine's own choice.</summary>
    public int? Port { get; init; }

    /// <summary>The local address, or null for all.</summary>
    public IPAddress? Bind { get; init; }

    /// <summary>Peers to connect to straight away.</summary>
    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];

    /// <summary>The most peers at once, or null for the engine's own measure.</summary>
    public int? MaxPeers { get; init; }

    /// <summary>Bytes a second to receive; 0 is without limit.</summary>
    public long DownloadLimit { get; init; }

    /// <summary>Bytes a second to send; 0 is without limit.</summary>
    public long UploadLimit { get; init; }

    /// <summary>Seed until this many times the content was sent, or null.</summary>
    public double? SeedRatio { get; init; }

    /// <summary>Seed for this long, or null.</summary>
    public TimeSpan? SeedTime { get; init; }

    /// <summary>The files wanted; none means all.</summary>
    public IReadOnlyList<Glob> Select { get; init; } = [];

    /// <summary>Whether pieces are fetched in order.</summary>
    public bool Sequential { get; init; }

    /// <summary>When to stop although something is missing, or null to go on for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Finds out where the peers are that were named.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">One of them is not known.</exception>
    public async Task<IReadOnlyList<IPEndPoint>> ResolvePeersAsync(CancellationToken cancellationToken)
    {
        var peers = new List<IPEndPoint>();
        foreach (PeerAddress peer in Peers)
            peers.AddRange(await peer.ResolveAsync(cancellationToken));
        return peers;
    }

    /// <summary>Starts a session that behaves so.</summary>
    /// <param name="run">The environment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">It cannot listen.</exception>
    public async Task<Session> StartSessionAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var options = new SessionOptions
        {
            BindAddress = Bind,
            DownloadLimit = DownloadLimit,
            UploadLimit = UploadLimit,
            StateDirectory = run.Environment.StateDirectory,
            TimeProvider = run.Environment.Time,
            LoggerFactory = run.Loggers,
        };
        options = options with { Port = Port ?? options.Port, MaxPeers = MaxPeers ?? options.MaxPeers };
        try
        {
            Session session = await Session.StartAsync(options, cancellationToken);
            int port = session.ListenEndPoints[0].Port;
            if (Port is > 0 and var wanted && port != wanted)
                run.Say($"port {wanted} is taken; listening on port {port}.");
            return session;
        }
        catch (SocketException e)
        {
            string place = Bind is null ? "" : $" of {Bind}";
            throw new CommandException(ExitCode.Failed, $"cannot listen on port {options.Port}{place}: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
