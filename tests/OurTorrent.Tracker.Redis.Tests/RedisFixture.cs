namespace OurTorrent.Tracker.Redis.Tests;

/// <summary>One server for all tests of a class that do not harm it; each test takes a prefix of its own.</summary>
public sealed class RedisFixture : IDisposable
{
    private RedisServer? _server;
    private int _prefixes;

    internal RedisServer Server
    {
        get
        {
            Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed.");
            return _server ??= RedisServer.Start();
        }
    }

    internal RedisOptions NewOptions() => new()
    {
        Configuration = Server.Configuration,
        Prefix = $"test-{Interlocked.Increment(ref _prefixes)}",

        // Tests say when.
        ExchangeInterval = TimeSpan.FromMinutes(1),
    };

    public void Dispose() => _server?.Dispose();
}
