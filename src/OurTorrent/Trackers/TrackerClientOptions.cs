using System.Net;

namespace OurTorrent.Trackers;

/// <summary>How a <see cref="TrackerClient"/> asks.</summary>
public sealed record TrackerClientOptions
{
    /// <summary>How long one announce or scrape may take in all; 15 seconds unless given.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for a UDP tracker before asking again; doubled each time. BEP 15 says 15 seconds, but a person waits.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The address to send from, or null for any. From a loopback address no other machine is asked, nor any host name looked up.
    /// </summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>What to call ourselves towards HTTP trackers.</summary>
    public string UserAgent { get; init; } = "OurTorrent";

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is not above zero; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstRetry, TimeSpan.Zero, nameof(FirstRetry));
    }
}
