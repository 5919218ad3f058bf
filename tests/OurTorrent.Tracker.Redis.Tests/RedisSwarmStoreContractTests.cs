using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Tests.Swarms;

namespace OurTorrent.Tracker.Redis.Tests;

public sealed class RedisSwarmStoreContractTests(RedisFixture redis) : LastingSwarmStoreContract, IClassFixture<RedisFixture>
{
    private readonly List<ISwarmStore> _killed = [];
    private RedisOptions? _options;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (ISwarmStore store in _killed)
            await store.DisposeAsync();
    }

    private protected override ISwarmStore Create(MemorySwarmStoreOptions options) =>
        RedisSwarmStore.ConnectAsync(_options!, options, cancellationToken: Cancelled).GetAwaiter().GetResult();

    private protected override Task BeginAsync(MemorySwarmStoreOptions? options = null)
    {
        _options = redis.NewOptions();
        return base.BeginAsync(options);
    }

    private protected override async Task CloseAsync(bool killed)
    {
        if (!killed)
        {
            await Store.DisposeAsync();
            return;
        }

        // It goes on, but nobody asks it for anything any more.
        await Store.FlushAsync(Cancelled);
        _killed.Add(Store);
    }
}
