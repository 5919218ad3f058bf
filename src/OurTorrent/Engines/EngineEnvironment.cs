using System.Security.Cryptography;
using OurTorrent.Network;
using OurTorrent.Storage;
using OurTorrent.Trackers;

namespace OurTorrent.Engines;

/// <summary>
/// The outside world of an engine: everything that is not computing. The defaults are the real ones; a simulation hands in
/// its own, and then runs the loop itself.
/// </summary>
internal sealed record EngineEnvironment
{
    private static readonly TimeSpan HttpConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The sockets.</summary>
    public required INetwork Network { get; init; }

    /// <summary>The threads that wait for disks and hash.</summary>
    public required IDiskScheduler Disk { get; init; }

    /// <summary>Fetches HTTP trackers' answers.</summary>
    public required IHttpGetter Http { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Randomness where nobody gains by guessing it: piece choice, jitter, whom to unchoke.</summary>
    public required Random Random { get; init; }

    /// <summary>Numbers that nobody can guess, by which a UDP tracker's answer is known to be one (BEP 15).</summary>
    public Func<uint> TransactionIds { get; init; } = () => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    /// <summary>The memory for blocks read to be sent, in bytes; a simulation of a thousand engines has less for each.</summary>
    public long CacheLimit { get; init; } = BlockCache.DefaultLimit;

    /// <summary>Whether the engine runs its loop on a thread of its own; a simulation turns it by hand.</summary>
    public bool RunsOwnThread { get; init; } = true;

    /// <summary>The real world.</summary>
    public static EngineEnvironment Create(SessionOptions options) => new()
    {
        Network = NetworkFactory.Create(),
        Disk = new DiskWorkers(),
        Http = new HttpGetter(options.BindAddress, options.ClientName, HttpConnectTimeout),
        Time = options.TimeProvider,
        Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
    };
}
