using OurTorrent.Protocol;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Http;

/// <summary>Swarms in memory that say of what outlives the process what a test wants, and note what was called.</summary>
internal sealed class StandInStore : ISwarmStore
{
    private readonly MemorySwarmStore _swarms = new();

    public List<string> Calls { get; } = [];

    public SwarmTotals Totals => _swarms.Totals;

    public PersistenceStatus Persistence { get; init; } = PersistenceStatus.None;

    public Exception? OpenError { get; init; }

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        Calls.Add("open");
        return OpenError is null ? _swarms.OpenAsync(cancellationToken) : Task.FromException(OpenError);
    }

    public AnnounceResult Announce(in PeerAnnounce announce, Span<byte> ipv4Peers, Span<byte> ipv6Peers) =>
        _swarms.Announce(announce, ipv4Peers, ipv6Peers);

    public SwarmCounts Scrape(in InfoHash infoHash) => _swarms.Scrape(infoHash);

    public IEnumerable<SwarmSummary> Enumerate() => _swarms.Enumerate();

    public IReadOnlyList<SwarmSummary> Busiest(int count) => _swarms.Busiest(count);

    public Task FlushAsync(CancellationToken cancellationToken)
    {
        Calls.Add("flush");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Calls.Add("dispose");
        return _swarms.DisposeAsync();
    }
}
