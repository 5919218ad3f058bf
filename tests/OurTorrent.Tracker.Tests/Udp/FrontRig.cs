using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker.Tests.Udp;

/// <summary>A UDP front on ports of its own choice.</summary>
internal sealed class FrontRig : IAsyncDisposable
{
    private readonly TrackerClock _clock = new(TimeProvider.System);
    private readonly UdpFront _front;

    public FrontRig(CannedSwarms? swarms, bool managed, int workers, params IPEndPoint[] endPoints)
        : this(swarms, new UdpOptions { UseManagedSockets = managed }, workers, endPoints)
    {
    }

    private FrontRig(CannedSwarms? swarms, UdpOptions udp, int workers, IPEndPoint[] endPoints)
    {
        var options = new TrackerOptions
        {
            UdpEndPoints = endPoints,
            UdpWorkers = workers,
            Udp = udp,
        };
        var service = new TrackerService(swarms ?? new CannedSwarms(), new SetAccess { NotesPaths = false }, new AnnounceInterval(TimeSpan.FromSeconds(1800)));
        _front = new UdpFront(options, service, _clock, CountersFor, NullLogger.Instance);
    }

    /// <summary>The counters of all workers, for IPv4 and for IPv6 in turn.</summary>
    public List<RequestCounters> Counters { get; } = [];

    public IReadOnlyList<IPEndPoint> EndPoints => _front.EndPoints;

    public int Port => EndPoints[0].Port;

    public static FrontRig Start(string endPoint, bool managed = false, int workers = 1, CannedSwarms? swarms = null)
    {
        var rig = new FrontRig(swarms, managed, workers, IPEndPoint.Parse(endPoint));
        rig.Start();
        return rig;
    }

    public static FrontRig StartSteered(string endPoint, int workers)
    {
        var rig = new FrontRig(swarms: null, new UdpOptions { SteerBySwarm = true }, workers, [IPEndPoint.Parse(endPoint)]);
        rig.Start();
        return rig;
    }

    public void Start() => _front.Start();

    public Task StopAsync() => _front.StopAsync();

    public FrontClient Client(string address) => new(new IPEndPoint(IPAddress.Parse(address), Port));

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        _clock.Dispose();
    }

    private RequestCounters CountersFor(bool isIPv6)
    {
        var counters = new RequestCounters();
        Counters.Add(counters);
        return counters;
    }
}
