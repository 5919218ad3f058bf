namespace OurTorrent.Tracker.Swarms;

/// <summary>The measures of a swarm store.</summary>
public sealed record MemorySwarmStoreOptions
{
    /// <summary>How long a peer is remembered after it was last heard of; 45 minutes by default. It is gone within a tenth of that more.</summary>
    public TimeSpan PeerLifetime { get; init; } = TimeSpan.FromMinutes(45);

    /// <summary>How long a swarm without peers is remembered for the sake of its completed downloads; 30 days by default.</summary>
    public TimeSpan CompletedLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many swarms there may be; 10 million by default.</summary>
    public int MaxTorrents { get; init; } = 10_000_000;

    /// <summary>How many peers a swarm may have; 10 million by default.</summary>
    public int MaxPeersPerTorrent { get; init; } = 10_000_000;

    /// <summary>Tells the time, and when peers are to be forgotten.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks that the measures make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them does not; it is named.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PeerLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PeerLifetime, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(CompletedLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTorrents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPeersPerTorrent, 1);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }
}
