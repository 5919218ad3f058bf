using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Udp.Linux;

namespace OurTorrent.Tracker.Udp;

/// <summary>Takes UDP requests (BEP 15) at the end points of a tracker, with a thread for each worker.</summary>
internal sealed class UdpFront : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly TrackerOptions _options;
    private readonly TrackerService _service;
    private readonly TrackerClock _clock;
    private readonly Func<bool, RequestCounters> _countersFor;
    private readonly ILogger _logger;
    private readonly ConnectionIds _ids;
    private readonly List<IPEndPoint> _endPoints = [];
    private readonly List<(IUdpWorker Worker, IPEndPoint EndPoint)> _workers = [];
    private readonly List<Task> _threads = [];
    private readonly ManualResetEventSlim _stopping = new();
    private Task? _stopped;

    /// <summary>Makes a front that does not listen yet.</summary>
    /// <param name="options">Where to listen, and how.</param>
    /// <param name="service">What answers requests that have been read.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="countersFor">Gives counters to one worker, for IPv6 (true) or IPv4; called for IPv4 first.</param>
    /// <param name="logger">Where to log to.</param>
    public UdpFront(TrackerOptions options, TrackerService service, TrackerClock clock, Func<bool, RequestCounters> countersFor, ILogger logger)
    {
        options.Udp.Validate();
        _options = options;
        _service = service;
        _clock = clock;
        _countersFor = countersFor;
        _logger = logger;
        _ids = new ConnectionIds(options.Udp.ConnectionIdKey.Span);
    }

    /// <summary>Where requests are really taken, with the ports that were chosen.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    private bool UsesLinux => OperatingSystem.IsLinux() && !_options.Udp.UseManagedSockets;

    /// <summary>Listens at all end points, or at none.</summary>
    /// <exception cref="TrackerException">One of them cannot be listened on.</exception>
    public void Start()
    {
        try
        {
            foreach (IPEndPoint endPoint in _options.UdpEndPoints)
                Listen(endPoint);
        }
        catch
        {
            Release();
            throw;
        }

        foreach ((IUdpWorker worker, IPEndPoint endPoint) in _workers)
        {
            // A thread of its own: it waits in the kernel most of its time.
            _threads.Add(Task.Factory.StartNew(
                () => Work(worker, endPoint), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    /// <summary>Takes no more requests; returns when the last is answered.</summary>
    public Task StopAsync() => _stopped ??= StopCoreAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private void Listen(IPEndPoint endPoint)
    {
        if (endPoint.Address.IsIPv4MappedToIPv6)
            endPoint = new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port);

        int workers = _options.UdpWorkers > 0 ? _options.UdpWorkers : Environment.ProcessorCount;
        bool isAnyAddress = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);
        Socket[] sockets;
        try
        {
            sockets = UdpSockets.Bind(endPoint, TakesIPv4Too(endPoint), UsesLinux ? workers : 1, _options.Udp, _logger);
        }
        catch (SocketException error)
        {
            throw ListenFailure.Of("UDP", endPoint.ToString(), error.SocketErrorCode, error);
        }

        var bound = (IPEndPoint)sockets[0].LocalEndPoint!;
        _endPoints.Add(bound);
        for (int i = 0; i < workers; i++)
        {
            UdpExchange exchange = CreateExchange();
            _workers.Add((UsesLinux ? new LinuxUdpWorker(sockets[i], exchange, isAnyAddress) : new ManagedUdpWorker(sockets[0], exchange), bound));
        }

        if (sockets.Length > 1 && _options.Udp.SteerBySwarm && !SwarmSteering.TryAttach(sockets[0], sockets.Length))
            Log.NotSteered(_logger, bound);
        Log.Listening(_logger, bound, workers);
    }

    /// <summary>All of IPv6 means all of IPv4 as well, unless that is asked for on its own.</summary>
    private bool TakesIPv4Too(IPEndPoint endPoint) =>
        endPoint.Address.Equals(IPAddress.IPv6Any) && Socket.OSSupportsIPv4 &&
        !_options.UdpEndPoints.Any(other => other.AddressFamily == AddressFamily.InterNetwork && other.Port == endPoint.Port && other.Port != 0);

    private UdpExchange CreateExchange() => new(
        _service, _ids, _clock, _options, _countersFor(false), _countersFor(true), (ulong)RandomNumberGenerator.GetInt32(int.MaxValue));

    private void Work(IUdpWorker worker, IPEndPoint endPoint)
    {
        for (int failures = 1; !_stopping.IsSet; failures++)
        {
            try
            {
                worker.Run();
            }
            catch (Exception error)
            {
                if (_stopping.IsSet)
                    return;

                // Whatever a stranger may send, the tracker goes on, and its log does not fill.
                if (BitOperations.IsPow2(failures))
                    Log.WorkerFailed(_logger, endPoint, failures, error);
                if (error is SocketException)
                    _stopping.Wait(PauseAfterFailure);
            }
        }
    }

    private async Task StopCoreAsync()
    {
        _stopping.Set();
        foreach ((IUdpWorker worker, _) in _workers)
            worker.Stop();
        await Task.WhenAll(_threads);
        Release();
        _stopping.Dispose();
    }

    private void Release()
    {
        foreach ((IUdpWorker worker, _) in _workers)
            worker.Dispose();
        _workers.Clear();
    }
}
