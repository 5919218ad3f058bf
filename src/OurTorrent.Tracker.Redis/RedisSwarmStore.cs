using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OurTorrent.Tracker.Redis;

/// <summary>
/// Swarms in memory that are the same in all trackers of a group. Each sends what happens to Redis some times a second, and takes from
/// there what has happened elsewhere; requests are answered from memory and never wait for it. A tracker that starts takes the whole
/// state; one that dies leaves behind all but its last moment.
/// </summary>
public sealed class RedisSwarmStore : ISwarmStore
{
    private const int SecretLength = 16;
    private readonly ConnectionMultiplexer _connection;
    private readonly ConfigurationOptions _configuration;
    private readonly RedisState _state;
    private readonly RedisOptions _options;
    private readonly MemorySwarmStoreOptions _swarmOptions;
    private readonly MemorySwarmStore _memory;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly string _node = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _lock = new();
    private List<TaskCompletionSource> _waiting = [];
    private ITimer? _timer;
    private Task? _running;
    private bool _stopping;
    private bool _disposed;

    // What follows belongs to the loop, but for what others read of it.
    private readonly OutgoingBatches _outgoing = new();
    private string _epoch = "";
    private long _last;
    private bool _isLost;
    private long _outgoingCount;
    private long _lastSent;
    private long _lastClean;
    private SwarmStoreException? _fault;

    private RedisSwarmStore(
        ConnectionMultiplexer connection, ConfigurationOptions configuration, RedisOptions options, MemorySwarmStoreOptions swarms, ILogger logger)
    {
        _connection = connection;
        _configuration = configuration;
        _state = new RedisState(connection.GetDatabase(), options);
        _options = options;
        _swarmOptions = swarms;
        _memory = new MemorySwarmStore(swarms);
        _logger = logger;
        _time = swarms.TimeProvider;
    }

    /// <inheritdoc/>
    public SwarmTotals Totals => _memory.Totals;

    /// <inheritdoc/>
    public PersistenceStatus Persistence
    {
        get
        {
            SwarmStoreException? fault = Volatile.Read(ref _fault);
            long pending = _memory.Changes.Pending + Volatile.Read(ref _outgoingCount);
            TimeSpan lag = pending == 0 && fault is null ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastSent));
            return new PersistenceStatus(_timer is not null && fault is null, pending, lag, fault?.Message);
        }
    }

    /// <summary>
    /// The secret under which the trackers of the group make connection ids: with it in <see cref="Udp.UdpOptions.ConnectionIdKey"/>
    /// they accept each other's.
    /// </summary>
    public ReadOnlyMemory<byte> ConnectionIdKey { get; private set; }

    /// <summary>Connects to Redis. The state is taken from there when the store is opened.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="swarms">The measures of the swarms.</param>
    /// <param name="logger">Is told when Redis is away and when it is back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="SwarmStoreException">Redis cannot be reached, or does not serve us.</exception>
    public static async Task<RedisSwarmStore> ConnectAsync(
        RedisOptions options, MemorySwarmStoreOptions? swarms = null, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        swarms ??= new MemorySwarmStoreOptions();
        swarms.Validate();
        int timeout = (int)options.Timeout.TotalMilliseconds;
        ConfigurationOptions configuration = ConfigurationOptions.Parse(options.Configuration);
        configuration.ClientName ??= "ourtorrent";
        configuration.AbortOnConnectFail = true;
        configuration.ConnectTimeout = configuration.AsyncTimeout = configuration.SyncTimeout = timeout;
        configuration.ConnectRetry = 1;

        // What cannot be sent now is sent later by us, in order; and whether Redis is back is asked often.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);

        try
        {
            ConnectionMultiplexer connection =
                await ConnectionMultiplexer.ConnectAsync(configuration).WaitAsync(cancellationToken).ConfigureAwait(false);
            var store = new RedisSwarmStore(connection, configuration, options, swarms, logger ?? NullLogger.Instance);
            try
            {
                store.ConnectionIdKey = await store._state.ShareSecretAsync(RandomNumberGenerator.GetBytes(SecretLength)).ConfigureAwait(false);
                return store;
            }
            catch
            {
                await store.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw RedisFault.Describe(configuration, e);
        }
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            (_epoch, _last) = await _state.BeginAsync().ConfigureAwait(false);
            await _state.LoadAsync(_memory, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw RedisFault.Describe(_configuration, e);
        }

        _memory.Changes.NearlyFull = Wake;
        _memory.Changes.IsImaged = false;
        _memory.Changes.Enable();
        _lastSent = _lastClean = _time.GetTimestamp();
        _running = Task.Run(RunAsync, CancellationToken.None);
        _timer = _time.CreateTimer(static store => ((RedisSwarmStore)store!).Wake(), this, _options.ExchangeInterval, _options.ExchangeInterval);
    }

    /// <inheritdoc/>
    public void Prefetch(in InfoHash infoHash, in CompactPeer peer, bool isSeeder, int step) => _memory.Prefetch(infoHash, peer, isSeeder, step);

    /// <inheritdoc/>
    public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers) =>
        _memory.Announce(announce, ipv4Peers, ipv6Peers);

    /// <inheritdoc/>
    public SwarmCounts Scrape(in InfoHash infoHash) => _memory.Scrape(infoHash);

    /// <inheritdoc/>
    public IEnumerable<SwarmSummary> Enumerate() => _memory.Enumerate();

    /// <inheritdoc/>
    public IReadOnlyList<SwarmSummary> Busiest(int count) => _memory.Busiest(count);

    /// <summary>Returns when Redis has all that happened before the call, and this tracker what was there.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmStoreException">Redis does not take it.</exception>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_timer is null)
                return Task.CompletedTask;
            _waiting.Add(done);
        }

        Wake();
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Sends what is left, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;

        _disposed = true;
        if (_running is not null)
        {
            if (_timer is not null)
                await _timer.DisposeAsync().ConfigureAwait(false);
            lock (_lock)
                _stopping = true;
            Wake();
            await _running.ConfigureAwait(false);
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
        _wake.Dispose();
        await _memory.DisposeAsync().ConfigureAwait(false);
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    private async Task RunAsync()
    {
        bool stopping;
        do
        {
            await _wake.WaitAsync().ConfigureAwait(false);
            List<TaskCompletionSource> waiting;
            lock (_lock)
            {
                stopping = _stopping;
                waiting = _waiting;
                _waiting = [];
            }

            SwarmStoreException? fault = await ExchangeAsync().ConfigureAwait(false);
            Note(fault);
            foreach (TaskCompletionSource done in waiting)
            {
                if (fault is null)
                    done.SetResult();
                else
                    done.SetException(fault);
            }
        }
        while (!stopping);
    }

    /// <summary>Takes what has happened elsewhere, and sends what has happened here.</summary>
    /// <returns>Why that was not possible, or null.</returns>
    private async Task<SwarmStoreException?> ExchangeAsync()
    {
        try
        {
            if (!_isLost && !_memory.Changes.Overflowed)
                await TailAsync().ConfigureAwait(false);
            if (_isLost || _memory.Changes.Overflowed)
                await RefillAsync().ConfigureAwait(false);
            await PushAsync().ConfigureAwait(false);
            await CleanWhenDueAsync().ConfigureAwait(false);
            return null;
        }
        catch (SwarmStoreException e)
        {
            return e;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return RedisFault.Describe(_configuration, e);
        }
    }

    private async Task TailAsync()
    {
        while (true)
        {
            (string epoch, long sequence, ReplicatedBatch[] batches) = await _state.TailAsync(_last).ConfigureAwait(false);

            // Redis was emptied, or has come back as it was some time ago.
            _isLost = epoch != _epoch || sequence < _last;
            if (_isLost || sequence == _last)
                return;

            bool isMissed = batches.Length == 0 || batches[0].Sequence != _last + 1;
            bool isReload = false;
            if (!isMissed)
            {
                foreach (ReplicatedBatch batch in batches)
                {
                    batch.Apply(_memory, _node);
                    isReload |= batch.IsReload && batch.Node != _node;
                    _last = batch.Sequence;
                }
            }

            if (isMissed || isReload)
            {
                await _state.LoadAsync(_memory, CancellationToken.None).ConfigureAwait(false);
                _last = Math.Max(_last, sequence);
            }
        }
    }

    /// <summary>Puts memory and the state together where it is not known what is missing in which of them.</summary>
    private async Task RefillAsync()
    {
        _isLost = true;
        (string epoch, long sequence) = await _state.BeginAsync().ConfigureAwait(false);
        await _state.ShareSecretAsync(ConnectionIdKey.ToArray()).ConfigureAwait(false);
        _memory.Changes.Enable();
        _memory.Changes.Drain(static _ => { });
        _outgoing.Clear();
        Volatile.Write(ref _outgoingCount, 0);
        await _state.MergeAsync(_memory, UnixTime()).ConfigureAwait(false);
        await _state.LoadAsync(_memory, CancellationToken.None).ConfigureAwait(false);
        await _state.AskToReloadAsync(_node).ConfigureAwait(false);
        (_epoch, _last, _isLost) = (epoch, sequence, false);
        Log.Refilled(_logger);
    }

    private async Task PushAsync()
    {
        long now = _time.GetTimestamp();
        if (!_outgoing.IsFull)
        {
            Volatile.Write(ref _outgoingCount, _outgoingCount + _memory.Changes.Drain(_outgoing.Add));
            _outgoing.Seal();
        }

        while (!_outgoing.IsEmpty)
        {
            (long number, byte[] changes) = _outgoing.First;
            await _state.PushAsync(_node, number, UnixTime(), changes).ConfigureAwait(false);
            _outgoing.RemoveFirst();
        }

        Volatile.Write(ref _outgoingCount, 0);
        Volatile.Write(ref _lastSent, now);
    }

    private async Task CleanWhenDueAsync()
    {
        TimeSpan interval = _swarmOptions.PeerLifetime / 4;
        if (_time.GetElapsedTime(_lastClean) < interval)
            return;

        _lastClean = _time.GetTimestamp();
        if (!await _state.MayCleanAsync(_node, interval).ConfigureAwait(false))
            return;

        uint now = UnixTime();
        await _state.CleanAsync(
            (uint)Math.Max(now - (_swarmOptions.PeerLifetime.TotalSeconds * 1.1), 0),
            (uint)Math.Max(now - _swarmOptions.CompletedLifetime.TotalSeconds, 0)).ConfigureAwait(false);
    }

    private uint UnixTime() => (uint)_time.GetUtcNow().ToUnixTimeSeconds();

    private void Note(SwarmStoreException? fault)
    {
        SwarmStoreException? last = _fault;
        Volatile.Write(ref _fault, fault);
        if (fault is null && last is not null)
            Log.Recovered(_logger);
        else if (fault is not null && last?.Message != fault.Message)
            Log.Failing(_logger, fault.Message);
    }
}
