using OurTorrent.Loop;
using OurTorrent.Network;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>
/// Asks trackers, one request at a time or many, over UDP, HTTP and HTTPS (BEP 3, BEP 15, BEP 48). Needs no session; any thread
/// may use it.
/// </summary>
public sealed class TrackerClient : IAsyncDisposable
{
    private readonly TrackerClientOptions _options;
    private readonly EngineLoop _loop;
    private readonly HttpGetter _getter;
    private readonly TrackerTransport _transport;
    private readonly HashSet<IPending> _pending = [];
    private bool _disposed;

    /// <summary>Opens a client with a thread of its own.</summary>
    /// <param name="options">How to ask; the defaults unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TrackerClient(TrackerClientOptions? options = null)
    {
        _options = options ?? new TrackerClientOptions();
        _options.Validate();

        // What escapes a callback costs its request the answer, and that ends by its time limit.
        _loop = new EngineLoop(NetworkFactory.Create(), TimeProvider.System, _ => { });
        _getter = new HttpGetter(_options.BindAddress, _options.UserAgent, _options.Timeout);
        _transport = new TrackerTransport(_loop, _getter, TrackerTransport.RandomId, new TrackerTransportOptions
        {
            BindAddress = _options.BindAddress,
            Udp = new UdpExchangeOptions { FirstTimeout = _options.FirstRetry },
            UdpMaxTimeouts = 3,
            HttpTimeout = _options.Timeout,
        });
        _loop.Start();
    }

    /// <summary>Announces to a tracker.</summary>
    /// <param name="url">The announce URL: <c>udp:</c>, <c>http:</c> or <c>https:</c>.</param>
    /// <param name="request">What to say.</param>
    /// <param name="cancellationToken">Gives up waiting; the tracker may have heard all the same.</param>
    /// <returns>The tracker's answer.</returns>
    /// <exception cref="TrackerException">There was no good answer.</exception>
    public Task<AnnounceResponse> AnnounceAsync(string url, AnnounceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(request);
        return AskAsync<AnnounceResponse>(done => _transport.Announce(url, request, _options.Timeout, done), cancellationToken);
    }

    /// <summary>Asks a tracker for the numbers of swarms.</summary>
    /// <param name="url">The announce URL: <c>udp:</c>, or <c>http:</c> or <c>https:</c> with a path that BEP 48 can turn into a scrape URL.</param>
    /// <param name="infoHashes">The swarms, in any number; they are asked for in requests of up to 74.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The tracker's answer; an HTTP tracker leaves out the swarms it does not know.</returns>
    /// <exception cref="TrackerException">There was no good answer.</exception>
    public async Task<ScrapeResponse> ScrapeAsync(
        string url, IReadOnlyList<InfoHash> infoHashes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(infoHashes);
        var entries = new Dictionary<InfoHash, ScrapeEntry>();
        foreach (InfoHash[] batch in infoHashes.Chunk(UdpScrapeRequest.MaxCount))
        {
            ScrapeResponse response = await AskAsync<ScrapeResponse>(
                done => _transport.Scrape(url, batch, _options.Timeout, done), cancellationToken).ConfigureAwait(false);
            foreach ((InfoHash infoHash, ScrapeEntry entry) in response.Entries)
                entries[infoHash] = entry;
        }

        return new ScrapeResponse { Entries = entries };
    }

    /// <summary>Closes the client; requests under way fail with <see cref="TrackerFailureReason.Closed"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;

        await _loop.InvokeAsync(() =>
        {
            foreach (IPending pending in _pending)
                pending.Close();
            _pending.Clear();
            _transport.Close();
            return true;
        }).ConfigureAwait(false);
        _loop.Dispose();
        _getter.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<Action<T?, TrackerFailure?>, ITrackerCall> begin, CancellationToken cancellationToken)
        where T : class
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending<T>();
        _loop.Post(() =>
        {
            if (Volatile.Read(ref _disposed))
            {
                pending.Close();
                return;
            }

            _pending.Add(pending);
            pending.Call = begin((answer, failure) =>
            {
                _pending.Remove(pending);
                pending.End(answer, failure);
            });
        });

        using CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            pending.Cancel(cancellationToken);
            _loop.Post(() =>
            {
                _pending.Remove(pending);
                pending.Call?.Cancel();
            });
        });
        return await pending.Answer.ConfigureAwait(false);
    }

    private interface IPending
    {
        void Close();
    }

    /// <summary>Someone who waits for an answer.</summary>
    private sealed class Pending<T> : IPending
        where T : class
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _completion.Task;

        public ITrackerCall? Call { get; set; }

        public void End(T? answer, TrackerFailure? failure)
        {
            if (answer is not null)
                _completion.TrySetResult(answer);
            else if (failure is not null)
                _completion.TrySetException(new TrackerException(failure));
        }

        public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);

        public void Close()
        {
            Call?.Cancel();
            End(null, new(TrackerFailureReason.Closed, "the client was closed"));
        }
    }
}
