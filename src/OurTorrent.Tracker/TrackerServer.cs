using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Http;
using OurTorrent.Tracker.Http.Pages;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Sqlite;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker;

/// <summary>A BitTorrent tracker: takes announces and scrapes over UDP (BEP 15), HTTP and HTTPS (BEP 3), and knows who shares what.</summary>
public sealed class TrackerServer : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly TrackerClock _clock;
    private readonly ISwarmStore _swarms;
    private readonly IAccessControl _access;
    private readonly TrackerService _service;
    private readonly TrackerStatistics _statistics = new();
    private readonly LoadWatch _load;
    private readonly UdpFront _udp;
    private readonly HttpFront _http;
    private readonly TrackerSnapshots _snapshots;
    private readonly TrackerMeter _meter;
    private readonly Lock _lock = new();
    private Action<PeerEvent>? _peerChanged;
    private bool _isOpen;
    private Task? _stopping;

    internal TrackerServer(TrackerOptions options, ILoggerFactory loggerFactory)
    {
        options.Validate();
        _logger = loggerFactory.CreateLogger<TrackerServer>();
        _clock = new TrackerClock(options.TimeProvider);
        _access = CreateAccess(options, loggerFactory);
        if (options.Torrents is { } torrents)
            _access = new ChosenTorrents(torrents, _access);
        _swarms = CreateStore(options, loggerFactory);
        if (_swarms is SqliteSwarmStore lasting)
            lasting.Requests = _statistics.Total;
        var interval = new AnnounceInterval(options.AnnounceInterval, options.EffectiveMaxInterval, options.TargetRequestRate);
        _service = new TrackerService(_swarms, _access, interval);
        _load = new LoadWatch(_statistics, interval, options.TimeProvider, _logger);
        _snapshots = new TrackerSnapshots(options.TimeProvider, _statistics, _swarms, _access, interval);
        _meter = new TrackerMeter(_statistics, _swarms, interval);
        _udp = new UdpFront(
            options, _service, _clock, isIPv6 => _statistics.CountersFor("udp", isIPv6), loggerFactory.CreateLogger<UdpFront>());
        Exchange = new HttpExchange(
            options, new HttpTracker(options, _service), new TrackerPages(options, _snapshots), loggerFactory.CreateLogger<HttpFront>());
        _http = new HttpFront(options, Exchange, _statistics, loggerFactory, _logger);
    }

    /// <summary>
    /// Told of each peer that comes, completes its download or leaves. Called on the thread that answers requests, which waits
    /// meanwhile: return at once. Costs nothing while nobody listens.
    /// </summary>
    public event Action<PeerEvent>? PeerChanged
    {
        add
        {
            lock (_lock)
            {
                _peerChanged += value;
                _service.PeerChanged = RaisePeerChanged;
            }
        }

        remove
        {
            lock (_lock)
            {
                _peerChanged -= value;
                if (_peerChanged is null)
                    _service.PeerChanged = null;
            }
        }
    }

    /// <summary>Where UDP requests are really taken, with the ports that were chosen.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints => _udp.EndPoints;

    /// <summary>Where HTTP requests are really taken, with the ports that were chosen.</summary>
    public IReadOnlyList<IPEndPoint> HttpEndPoints => _http.HttpEndPoints;

    /// <summary>Where HTTPS requests are really taken.</summary>
    public IReadOnlyList<IPEndPoint> HttpsEndPoints => _http.HttpsEndPoints;

    /// <summary>Where the operator's pages are really served, if at an end point of their own.</summary>
    public IReadOnlyList<IPEndPoint> AdminEndPoints => _http.AdminEndPoints;

    /// <summary>Who shares what.</summary>
    public ISwarmStore Swarms => _swarms;

    /// <summary>Answers requests that came to a server of somebody else.</summary>
    internal HttpExchange Exchange { get; }

    internal TrackerStatistics Statistics => _statistics;

    /// <summary>Starts a tracker; it listens when the task is over.</summary>
    /// <param name="options">What to listen on, and how to behave.</param>
    /// <param name="loggerFactory">Where to log to; nowhere if null.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="ArgumentException">An option makes no sense; it is named.</exception>
    /// <exception cref="TrackerException">The tracker cannot run: a port is taken, a certificate cannot be read.</exception>
    /// <exception cref="SwarmStoreException">What the tracker has kept cannot be read.</exception>
    /// <exception cref="AccessListException">A list of torrents or networks cannot be read.</exception>
    public static async Task<TrackerServer> StartAsync(
        TrackerOptions options, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new TrackerServer(options, loggerFactory ?? NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How the tracker is doing.</summary>
    public TrackerSnapshot GetStatistics() => _snapshots.Take();

    /// <summary>
    /// Takes no more requests, answers those that are being answered, and writes out what happened last. Returns when that is done;
    /// once it is cancelled, without waiting for it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        Task stopping;
        lock (_lock)
            stopping = _stopping ??= StopCoreAsync(cancellationToken);
        return stopping.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await _swarms.OpenAsync(cancellationToken);
        _isOpen = true;
        await _http.StartAsync(cancellationToken);
        _udp.Start();
        _load.Start();
        SwarmTotals totals = _swarms.Totals;
        Log.Started(_logger, totals.Torrents, totals.Peers);
    }

    private IAccessControl CreateAccess(TrackerOptions options, ILoggerFactory loggerFactory)
    {
        try
        {
            return options.Access.IsOpen && options.Database is null
                ? new OpenAccess()
                : new AccessControl(options.Access, options.Access.Database ?? options.Database, _clock, options.LogAddresses, loggerFactory.CreateLogger<AccessControl>());
        }
        catch (Exception e) when (e is AccessListException or SwarmStoreException)
        {
            _clock.Dispose();
            throw;
        }
    }

    private static ISwarmStore CreateStore(TrackerOptions options, ILoggerFactory loggerFactory)
    {
        if (options.Store is { } store)
            return store;

        return options.Database is { } path
            ? new SqliteSwarmStore(path, options.EffectiveSwarms, options.Journal, loggerFactory.CreateLogger<SqliteSwarmStore>())
            : new MemorySwarmStore(options.EffectiveSwarms);
    }

    private async Task StopCoreAsync(CancellationToken cancellationToken)
    {
        await _udp.DisposeAsync();
        await _http.DisposeAsync();
        _load.Dispose();
        _meter.Dispose();
        try
        {
            if (_isOpen)
                await _swarms.FlushAsync(cancellationToken);
        }
        catch (Exception error) when (error is SwarmStoreException or OperationCanceledException)
        {
            Log.NotFlushed(_logger, error);
        }

        await _swarms.DisposeAsync();
        (_access as IDisposable)?.Dispose();
        _clock.Dispose();
        Log.Stopped(_logger, _statistics.Total().Requests);
    }

    private void RaisePeerChanged(PeerEvent change)
    {
        try
        {
            _peerChanged?.Invoke(change);
        }
        catch (Exception error)
        {
            Log.HandlerFailed(_logger, error);
        }
    }
}
