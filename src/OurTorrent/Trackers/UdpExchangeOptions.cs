namespace OurTorrent.Trackers;

/// <summary>How patient a <see cref="UdpTrackerExchange"/> is (BEP 15).</summary>
internal sealed record UdpExchangeOptions
{
    /// <summary>How long the first wait for an answer is; each further one is twice as long.</summary>
    public TimeSpan FirstTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the wait is doubled at the most.</summary>
    public int MaxDoublings { get; init; } = 8;

    /// <summary>How many waits may end in vain before a request has failed.</summary>
    public int MaxTimeouts { get; init; } = 9;

    /// <summary>How long a connection id is used after it was received.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(1);
}
