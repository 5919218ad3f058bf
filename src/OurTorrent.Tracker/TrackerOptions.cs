using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker;

/// <summary>What a tracker listens on and how it behaves.</summary>
public sealed record TrackerOptions
{
    /// <summary>Where UDP requests are taken (BEP 15); several for several addresses. Port 0 takes any that is free.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints { get; init; } = [];

    /// <summary>Where HTTP requests are taken (BEP 3).</summary>
    public IReadOnlyList<IPEndPoint> HttpEndPoints { get; init; } = [];

    /// <summary>How many threads take UDP requests; 0, the default, is one for each processor.</summary>
    public int UdpWorkers { get; init; }

    /// <summary>The SQLite database in which the swarms are kept, or null to keep them in memory alone.</summary>
    public string? Database { get; init; }

    /// <summary>How often clients shall announce while the load is low; 30 minutes by default.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many peers a client is given that does not say how many it wants; 50 by default.</summary>
    public int DefaultNumWant { get; init; } = 50;

    /// <summary>How many peers a client is given at most; 200 by default.</summary>
    public int MaxNumWant { get; init; } = 200;

    /// <summary>What few have to set of how UDP requests are taken.</summary>
    public UdpOptions Udp { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
