using System.Net;
using System.Runtime.CompilerServices;
using OurTorrent.Engines;
using OurTorrent.Peers;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Swarms;
using OurTorrent.Trackers;

namespace OurTorrent;

/// <summary>One torrent of a <see cref="Session"/>. Members may be called from any thread.</summary>
public sealed class Torrent
{
    private readonly Engine _engine;

    internal Torrent(Engine engine, TorrentMetainfo metainfo, TorrentOptions options, FilePriority[] priorities)
    {
        _engine = engine;
        Metainfo = metainfo;
        Options = options;
        Swarm = new Swarm(engine, metainfo, options, priorities);
        Swarm.StateChanged = state => StateChanged?.Invoke(this, state);
        Swarm.PieceCompleted = RaisePieceCompleted;
        Swarm.PeerCompleted = RaisePeerCompleted;
    }

    /// <summary>The torrent has begun to do something else. Called in order, away from the engine's own thread.</summary>
    public event Action<Torrent, TorrentState>? StateChanged;

    /// <summary>A piece has been received and verified. Called in order, away from the engine's own thread.</summary>
    public event Action<Torrent, int>? PieceCompleted;

    /// <summary>
    /// A connected peer that lacked something says that it has all now; a seed then leaves it. Called in order, away from the engine's
    /// own thread.
    /// </summary>
    public event Action<Torrent, PeerStatus>? PeerCompleted;

    /// <summary>What the torrent holds.</summary>
    public TorrentMetainfo Metainfo { get; }

    /// <summary>How it was added.</summary>
    public TorrentOptions Options { get; }

    /// <summary>The info-hash by which peers and trackers know it.</summary>
    public InfoHash InfoHash => Metainfo.InfoHashes.Wire;

    /// <summary>What it is doing, and how far it is.</summary>
    public TorrentStatus Status => _engine.Ask(Swarm.GetStatus);

    /// <summary>What is known of each of its trackers, in the order of the tiers.</summary>
    public IReadOnlyList<TrackerStatus> Trackers => _engine.Ask(Swarm.GetTrackers);

    /// <summary>The peers it is connected to.</summary>
    public IReadOnlyList<PeerStatus> Peers => _engine.Ask(Swarm.GetPeers);

    /// <summary>Ends when the content on disk has been looked at, by its stamps or by hashing it; anew after each start.</summary>
    /// <exception cref="TorrentException">The content could not be looked at, or the torrent was stopped before.</exception>
    public Task Checked => Swarm.Checked;

    /// <summary>
    /// Ends when all wanted content is there and verified, on disk. It waits through a stop; a torrent that has failed and is
    /// started again has another.
    /// </summary>
    /// <exception cref="TorrentException">The torrent has failed, or was removed before it was complete.</exception>
    public Task Completion => Swarm.Completion;

    internal Swarm Swarm { get; }

    /// <summary>Looks at what belongs to the loop. Any thread may call it.</summary>
    internal T Inspect<T>(Func<Swarm, T> look) => _engine.Ask(() => look(Swarm));

    /// <summary>Reports what the torrent is doing now and then again and again, until it is removed or has failed.</summary>
    /// <param name="interval">The time between two reports.</param>
    /// <param name="cancellationToken">Ends the reports.</param>
    public async IAsyncEnumerable<TorrentStatus> WatchAsync(
        TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        using var timer = new PeriodicTimer(interval, _engine.Time);
        Task<bool>? tick = null;
        while (true)
        {
            // Taken before the look, so that nothing changes unseen in between.
            Task change = Swarm.Changed;
            bool isLast = Swarm.Closed.IsCompleted;
            TorrentStatus status = Status;
            yield return status;
            if (isLast || status.State == TorrentState.Failed)
                yield break;

            // Completion, failure and removal are reported at once rather than at the next tick.
            tick ??= timer.WaitForNextTickAsync(cancellationToken).AsTask();
            await Task.WhenAny(tick, change);
            if (tick.IsCompleted)
            {
                await tick;
                tick = null;
            }
        }
    }

    /// <summary>Makes a peer known; it is connected to when there is room.</summary>
    /// <param name="peer">Its address and port.</param>
    public void AddPeer(IPEndPoint peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _engine.Loop.Post(() => Swarm.AddPeer(peer, PeerSource.Given));
    }

    /// <summary>Says how much a file is wanted from now on.</summary>
    /// <param name="file">The index of the file in the metainfo.</param>
    /// <param name="priority">How much.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SetPriorityAsync(int file, FilePriority priority, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(file);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(file, Metainfo.Files.Count);
        return _engine.Loop.InvokeAsync(() =>
        {
            Swarm.SetPriority(file, priority);
            return true;
        }).WaitAsync(cancellationToken);
    }

    /// <summary>Stops the torrent: peers are left, trackers are told, what is known is saved.</summary>
    /// <param name="cancellationToken">Gives up waiting; the stop goes on.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        _engine.StopAsync(Swarm).WaitAsync(cancellationToken);

    /// <summary>Starts a torrent that was stopped or has failed; one that is just stopping is started once it has.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The torrent was removed.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        _engine.StartAsync(Swarm).WaitAsync(cancellationToken);

    /// <summary>
    /// Reads a file while it arrives: a read waits for the pieces it needs, and those pieces are fetched before all others.
    /// </summary>
    /// <param name="file">The index of the file in the metainfo.</param>
    /// <returns>A stream that can seek; reads fail with an <see cref="IOException"/> when the torrent stops.</returns>
    public Stream OpenRead(int file)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(file);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(file, Metainfo.Files.Count);
        return new Streaming.TorrentStream(_engine, Swarm, Metainfo.Files[file]);
    }

    // Where nobody listens, no other thread is woken for each piece.
    private void RaisePieceCompleted(int piece)
    {
        if (PieceCompleted is { } handlers)
            Raise(handlers, piece);
    }

    private void RaisePeerCompleted(PeerConnection peer)
    {
        if (PeerCompleted is not { } handlers)
            return;

        PeerStatus status = peer.GetStatus(Metainfo.PieceCount);
        _engine.Events.Raise(() => handlers(this, status));
    }

    private void Raise(Action<Torrent, int> handlers, int piece) => _engine.Events.Raise(() => handlers(this, piece));
}
