using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

public sealed class MemorySwarmStoreContractTests : SwarmStoreContract
{
    private protected override ISwarmStore Create(MemorySwarmStoreOptions options) => new MemorySwarmStore(options);
}
