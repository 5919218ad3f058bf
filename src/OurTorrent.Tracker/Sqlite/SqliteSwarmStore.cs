using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>
/// Swarms in memory, and behind them a SQLite database from which they come back. A thread of its own writes what has happened every
/// few seconds; when the disk does not take it, the tracker goes on and the thread catches up later.
/// </summary>
public sealed class SqliteSwarmStore : ISwarmStore
{
    private readonly string _path;
    private readonly MemorySwarmStore _memory;
    private readonly MemorySwarmStoreOptions _swarmOptions;
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Lock _lock = new();
    private List<TaskCompletionSource> _waiting = [];
    private DatabaseLock? _databaseLock;
    private ITimer? _timer;
    private bool _stopping;
    private bool _disposed;

    // What follows belongs to the thread, but for what others read of it.
    private readonly ChangeBatch _batch = new();
    private SwarmJournal? _journal;
    private IReadOnlyList<long> _staleImages = [];
    private RequestCounts _lastRequests;
    private bool _imagesNeeded;
    private long _lastImages;
    private long _lastStatistics;
    private long _lastKept;
    private long _batchCount;
    private SwarmStoreException? _fault;

    /// <summary>Makes a store; nothing is touched before <see cref="OpenAsync"/>.</summary>
    /// <param name="path">The database; it is made where there is none.</param>
    /// <param name="swarms">The measures of the swarms.</param>
    /// <param name="journal">How what happens is brought to the database.</param>
    /// <param name="logger">Is told when the database fails and when it is well again.</param>
    public SqliteSwarmStore(string path, MemorySwarmStoreOptions? swarms = null, JournalOptions? journal = null, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _swarmOptions = swarms ?? new MemorySwarmStoreOptions();
        _options = journal ?? new JournalOptions();
        _options.Validate();
        _logger = logger ?? NullLogger.Instance;
        _time = _swarmOptions.TimeProvider;
        _memory = new MemorySwarmStore(_swarmOptions);
        _thread = new Thread(Run) { IsBackground = true, Name = "swarm journal" };
    }

    /// <inheritdoc/>
    public SwarmTotals Totals => _memory.Totals;

    /// <inheritdoc/>
    public PersistenceStatus Persistence
    {
        get
        {
            SwarmStoreException? fault = Volatile.Read(ref _fault);
            long pending = _memory.Changes.Pending + Volatile.Read(ref _batchCount);
            TimeSpan lag = pending == 0 && fault is null ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastKept));
            return new PersistenceStatus(_timer is not null && fault is null, pending, lag, fault?.Message);
        }
    }

    /// <summary>Reads the sums of all requests so far, for the statistics; without it those are of the swarms alone.</summary>
    internal Func<RequestCounts>? Requests { get; set; }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TrackerDatabase.RequirePlace(_path);
        _databaseLock = DatabaseLock.Take(_path);
        await Task.Run(() => Restore(cancellationToken), cancellationToken).ConfigureAwait(false);
        _memory.Changes.NearlyFull = () => _wake.Set();
        _memory.Changes.Enable();
        _lastKept = _lastImages = _lastStatistics = _time.GetTimestamp();
        _thread.Start();
        _timer = _time.CreateTimer(static store => ((SqliteSwarmStore)store!)._wake.Set(), this, _options.FlushInterval, _options.FlushInterval);
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

    /// <inheritdoc/>
    /// <exception cref="SwarmStoreException">The database does not take it.</exception>
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

        _wake.Set();
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes the swarms that have changed, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;

        _disposed = true;
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
            lock (_lock)
                _stopping = true;
            _wake.Set();
            await _ended.Task.ConfigureAwait(false);
        }

        _databaseLock?.Dispose();
        _wake.Dispose();
        await _memory.DisposeAsync().ConfigureAwait(false);
    }

    private void Restore(CancellationToken cancellationToken)
    {
        var restore = new SwarmRestore(TrackerDatabase.Open(_path), _memory, _swarmOptions);
        restore.Run(cancellationToken);
        _staleImages = restore.StaleImages;
    }

    private void Run()
    {
        bool stopping;
        do
        {
            _wake.WaitOne();
            List<TaskCompletionSource> waiting;
            lock (_lock)
            {
                stopping = _stopping;
                waiting = _waiting;
                _waiting = [];
            }

            Note(Keep(stopping));
            foreach (TaskCompletionSource done in waiting)
            {
                if (_fault is null)
                    done.SetResult();
                else
                    done.SetException(_fault);
            }
        }
        while (!stopping);

        _journal?.Dispose();
        _ended.SetResult();
    }

    /// <summary>Brings what has happened to the database.</summary>
    /// <returns>Why that was not possible, or null.</returns>
    private SwarmStoreException? Keep(bool stopping)
    {
        try
        {
            SwarmJournal journal = Connected();
            if (_imagesNeeded || _memory.Changes.Overflowed)
                WriteAll(journal);
            else
                WriteNews(journal, stopping);
            WriteStatistics(journal);
            return null;
        }
        catch (SqliteException e)
        {
            Disconnect();
            return DatabaseFault.Describe(_path, e);
        }
        catch (SwarmStoreException e)
        {
            return e;
        }
    }

    /// <summary>The journal, of a file that somebody may have taken away meanwhile, or of a disk that is back.</summary>
    private SwarmJournal Connected()
    {
        if (_journal is not null && !File.Exists(_path))
        {
            Disconnect();
            _imagesNeeded = true;
        }

        return _journal ??= new SwarmJournal(TrackerDatabase.Open(_path));
    }

    private void Disconnect()
    {
        _journal?.Dispose();
        _journal = null;
    }

    private void WriteNews(SwarmJournal journal, bool stopping)
    {
        Append(journal);
        if (_staleImages.Count > 0)
        {
            journal.DeleteImages(_staleImages);
            _staleImages = [];
        }

        bool isDue = _time.GetElapsedTime(_lastImages) >= _options.ImageInterval;
        long limit = Math.Max(_options.LogLimit, 2 * ImageLength());
        if (journal.LogLength == 0 || !(stopping || isDue || journal.LogLength > limit))
            return;

        // A swarm counts as unchanged as soon as its image is taken, so if this fails only images of all of them will do.
        _imagesNeeded = true;
        journal.WriteChanged(_memory, UnixTime(), () => AppendWhenDue(journal));
        _imagesNeeded = false;
        _lastImages = _time.GetTimestamp();
    }

    private void WriteAll(SwarmJournal journal)
    {
        // What waits is in the images that follow.
        _imagesNeeded = true;
        _memory.Changes.Enable();
        _memory.Changes.Drain(static _ => { });
        _batch.Clear();
        Volatile.Write(ref _batchCount, 0);
        journal.WriteAll(_memory, UnixTime(), () => AppendWhenDue(journal));
        _imagesNeeded = false;
        _staleImages = [];
        _lastImages = _time.GetTimestamp();
        Append(journal);
    }

    /// <summary>Images take a while; what happens meanwhile is not to wait longer than it would have.</summary>
    private void AppendWhenDue(SwarmJournal journal)
    {
        if (_time.GetElapsedTime(_lastKept) >= _options.FlushInterval)
            Append(journal);
    }

    private void Append(SwarmJournal journal)
    {
        long now = _time.GetTimestamp();
        if (!_batch.IsFull)
            Volatile.Write(ref _batchCount, _batchCount + _memory.Changes.Drain(_batch.Add));
        if (_batch.Length > 0)
        {
            journal.Append(_batch);
            _batch.Clear();
            Volatile.Write(ref _batchCount, 0);
        }

        Volatile.Write(ref _lastKept, now);
    }

    private void WriteStatistics(SwarmJournal journal)
    {
        if (_time.GetElapsedTime(_lastStatistics) < TimeSpan.FromMinutes(1))
            return;

        uint now = UnixTime();
        RequestCounts requests = Requests?.Invoke() ?? _lastRequests;
        uint oldest = (uint)Math.Max(now - _options.StatisticsLifetime.TotalSeconds, 0);
        journal.WriteStatistics(_lastRequests, requests, _memory.Totals, now, oldest);
        _lastRequests = requests;
        _lastStatistics = _time.GetTimestamp();
    }

    /// <summary>What images of all swarms take, about.</summary>
    private long ImageLength()
    {
        SwarmTotals totals = _memory.Totals;
        return (totals.Peers * (CompactPeer.IPv4Length + SwarmImage.PeerSuffixLength))
            + (totals.IPv6Peers * (CompactPeer.IPv6Length - CompactPeer.IPv4Length));
    }

    private uint UnixTime() => (uint)_time.GetUtcNow().ToUnixTimeSeconds();

    private void Note(SwarmStoreException? fault)
    {
        SwarmStoreException? last = _fault;
        Volatile.Write(ref _fault, fault);
        if (fault is null && last is not null)
            Log.Recovered(_logger, _path);
        else if (fault is not null && last?.Message != fault.Message)
            Log.Failing(_logger, fault.Message);
    }
}
