using System.Net;

namespace OurTorrent.Trackers;

/// <summary>How trackers are reached.</summary>
internal sealed record TrackerTransportOptions
{
    /// <summary>The address to send from, or null for any. From a loopback address no other host is asked, nor any name looked up.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>The timeouts of the UDP protocol.</summary>
    public UdpExchangeOptions Udp { get; init; } = new();

    /// <summary>How many waits for a UDP tracker may end in vain, shared out over its addresses; each has one at the least.</summary>
    public int UdpMaxTimeouts { get; init; } = 2;

    /// <summary>How long an HTTP request may take, from the first byte sent to the last one received.</summary>
    public TimeSpan HttpTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest HTTP answer that is read, in bytes.</summary>
    public int HttpMaxBytes { get; init; } = 1024 * 1024;
}
