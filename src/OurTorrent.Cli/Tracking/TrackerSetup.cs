using OurTorrent.Tracker;
using OurTorrent.Tracker.Redis;

namespace OurTorrent.Cli.Tracking;

/// <summary>What is to be run.</summary>
/// <param name="Options">The tracker.</param>
/// <param name="Redis">The Redis server that keeps its swarms, or null.</param>
internal sealed record TrackerSetup(TrackerOptions Options, RedisOptions? Redis = null);
