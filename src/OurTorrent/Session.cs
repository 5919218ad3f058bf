using System.Net;
using OurTorrent.Engines;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent;

/// <summary>
/// A BitTorrent client to embed: it listens for peers, and downloads and seeds any number of torrents (BEP 3). Members may
/// be called from any thread. Disposing it tells the trackers, saves what is known and closes everything.
/// </summary>
public sealed class Session : IAsyncDisposable
{
    private readonly Engine _engine;
    private readonly Lock _gate = new();
    private readonly List<Torrent> _torrents = [];
    private Task? _closed;

    private Session(Engine engine) => _engine = engine;

    /// <summary>Where peers can connect to, with the ports that were free.</summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints => _engine.ListenEndPoints;

    /// <summary>The id by which peers and trackers know this session (BEP 20).</summary>
    public PeerId PeerId => _engine.PeerId;

    /// <summary>The torrents that have been added and not removed, oldest first.</summary>
    public IReadOnlyList<Torrent> Torrents
    {
        get
        {
            lock (_gate)
                return [.. _torrents];
        }
    }

    /// <summary>Opens the session's sockets and starts its threads.</summary>
    /// <param name="options">How it behaves; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The running session.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No port could be had.</exception>
    public static Task<Session> StartAsync(SessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SessionOptions();
        options.Validate();
        return StartAsync(options, EngineEnvironment.Create(options), cancellationToken);
    }

    /// <summary>Starts a session on a network, disk, clock and randomness of the caller's own.</summary>
    internal static async Task<Session> StartAsync(
        SessionOptions options, EngineEnvironment environment, CancellationToken cancellationToken)
    {
        var engine = new Engine(options, environment);
        try
        {
            await engine.StartAsync(cancellationToken);
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        return new Session(engine);
    }

    /// <summary>Adds a torrent and starts it: its content is looked at, then peers are sought.</summary>
    /// <param name="metainfo">What the torrent holds.</param>
    /// <param name="options">How it is downloaded and seeded; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting; the torrent is then among <see cref="Torrents"/> all the same.</param>
    /// <returns>The torrent, which has begun to check its content.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or a torrent with this info-hash is there already.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public async Task<Torrent> AddAsync(
        TorrentMetainfo metainfo, TorrentOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        options ??= new TorrentOptions();
        options.Validate();
        lock (_gate)
            ObjectDisposedException.ThrowIf(_closed is not null, this);

        // Asked here, since the loop waits for nobody's code.
        FilePriority[] priorities = [.. metainfo.Files.Select(file => options.Priority?.Invoke(file) ?? FilePriority.Normal)];
        return await _engine.Loop.InvokeAsync(() =>
        {
            var torrent = new Torrent(_engine, metainfo, options, priorities);
            _engine.Add(torrent.Swarm);
            lock (_gate)
                _torrents.Add(torrent);
            return torrent;
        }).WaitAsync(cancellationToken);
    }

    /// <summary>Stops a torrent, tells its trackers, saves what is known of it and forgets it. Its content stays on disk.</summary>
    /// <param name="torrent">A torrent of this session.</param>
    /// <param name="cancellationToken">Gives up waiting; the removal goes on.</param>
    public async Task RemoveAsync(Torrent torrent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        lock (_gate)
        {
            if (!_torrents.Remove(torrent))
                return;
        }

        await _engine.RemoveAsync(torrent.Swarm).WaitAsync(cancellationToken);
    }

    /// <summary>Sums over all torrents.</summary>
    public SessionStatistics GetStatistics() => _engine.Ask(_engine.GetStatistics);

    /// <summary>
    /// The torrents that may have changed since one last asked, with their status, all of the same moment. It costs what those
    /// torrents cost, and next to nothing for the others: this is how to follow thousands of them.
    /// </summary>
    /// <param name="since">What was got the last time; null for all torrents.</param>
    /// <returns>What is new, to be handed in the next time.</returns>
    public SessionUpdates GetUpdates(SessionUpdates? since = null) => _engine.Ask(() =>
    {
        var updates = new List<TorrentUpdate>();
        lock (_gate)
        {
            foreach (Torrent torrent in _torrents)
            {
                if (since is null || torrent.Swarm.IsAwake || torrent.Swarm.LastAwake >= since.Look)
                    updates.Add(new TorrentUpdate(torrent, torrent.Swarm.GetStatus()));
            }
        }

        return new SessionUpdates(_engine.Look(), updates);
    });

    /// <summary>Stops every torrent, tells the trackers (waiting some seconds for them at the most), saves what is known and closes all.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _closed ??= _engine.CloseAsync();
        return new ValueTask(_closed);
    }
}
