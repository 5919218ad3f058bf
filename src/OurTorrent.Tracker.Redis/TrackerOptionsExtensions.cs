using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Redis;

/// <summary>Makes a tracker one of several.</summary>
public static class TrackerOptionsExtensions
{
    /// <summary>
    /// Connects to Redis, and lets a tracker keep its swarms there and make the connection ids of its group, unless it is given a key of
    /// its own. The tracker that is started with the result closes the connection.
    /// </summary>
    /// <param name="options">The options of the tracker, without a database.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="loggerFactory">Where to log to; nowhere if null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The options to start the tracker with.</returns>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="SwarmStoreException">Redis cannot be reached, or does not serve us.</exception>
    public static async Task<TrackerOptions> WithRedisAsync(
        this TrackerOptions options, RedisOptions redis, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        RedisSwarmStore store = await RedisSwarmStore.ConnectAsync(
            redis, options.EffectiveSwarms, loggerFactory?.CreateLogger<RedisSwarmStore>(), cancellationToken).ConfigureAwait(false);
        return options with
        {
            Store = store,
            Udp = options.Udp.ConnectionIdKey.IsEmpty ? options.Udp with { ConnectionIdKey = store.ConnectionIdKey } : options.Udp,
        };
    }
}
