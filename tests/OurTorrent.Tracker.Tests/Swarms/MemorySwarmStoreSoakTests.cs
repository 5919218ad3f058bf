using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>Everything at once: announces from several threads, peers being forgotten, changes and images being taken away.</summary>
public sealed class MemorySwarmStoreSoakTests
{
    private const int Torrents = 300;

    [Fact]
    public Task A_short_soak_leaves_the_counts_right() => SoakAsync(TimeSpan.FromSeconds(2));

    [Fact(Explicit = true)]
    public Task A_soak_of_ten_minutes_leaves_the_counts_right() => SoakAsync(TimeSpan.FromMinutes(10));

    private static async Task SoakAsync(TimeSpan duration)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = new MemorySwarmStore(new MemorySwarmStoreOptions { TimeProvider = time, CompletedLifetime = TimeSpan.Zero }, new Random(1));
        store.Changes.Enable();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task[] announcing = [.. Enumerable.Range(0, 3).Select(number => Task.Run(() => Announce(store, number, end.Token), CancellationToken.None))];
        long begun = TimeProvider.System.GetTimestamp();
        long changes = 0;
        var image = new SwarmImage();
        while (TimeProvider.System.GetElapsedTime(begun) < duration && !announcing.Any(task => task.IsFaulted))
        {
            // Ten minutes at a step: with a lifetime of 45, somebody is always being forgotten.
            time.Advance(TimeSpan.FromMinutes(10));
            changes += store.Changes.Drain(static _ => { });
            for (ImageCursor cursor = default; store.NextImage(ref cursor, changedOnly: true, image);)
                Assert.InRange(image.Counts.PartialSeeds, 0, image.Counts.Leechers);
            Assert.All(store.Busiest(10), swarm => Assert.True(swarm.Counts.Seeders >= 0 && swarm.Counts.Leechers >= 0));
        }

        await end.CancelAsync();
        await Task.WhenAll(announcing);
        Assert.True(changes > 1000);
        Assert.False(store.Changes.Overflowed);
        SwarmCounts[] counts = [.. store.Enumerate().Select(swarm => swarm.Counts)];
        Assert.Equal(
            (counts.Sum(count => (long)count.Seeders), counts.Sum(count => (long)count.Leechers)), (store.Totals.Seeders, store.Totals.Leechers));

        // Images for what has changed go before the swarms themselves do.
        for (int i = 0; i < 2; i++)
        {
            time.Advance(TimeSpan.FromHours(3));
            for (ImageCursor cursor = default; store.NextImage(ref cursor, changedOnly: true, image);)
                Assert.Equal(0, image.IPv4Peers.WrittenCount + image.IPv6Peers.WrittenCount);
        }

        Assert.Equal((0, 0, 0, 0), (store.Totals.Torrents, store.Totals.Peers, store.Totals.IPv6Peers, store.Totals.Completed));
    }

    private static void Announce(MemorySwarmStore store, int thread, CancellationToken cancellationToken)
    {
        var random = new Random(thread);
        Span<byte> ipv4 = new byte[300], ipv6 = new byte[900], hash = new byte[InfoHash.Length];
        while (!cancellationToken.IsCancellationRequested)
        {
            // Many in a few torrents, a few in many.
            hash[0] = (byte)random.Next(Torrents);
            hash[0] = (byte)random.Next(hash[0] + 1);
            ushort port = (ushort)random.Next(1, 3000);
            CompactPeer peer = random.Next(4) == 0
                ? CompactPeer.FromIPv6(((UInt128)0x2001_0db8 << 96) | (uint)thread, port)
                : CompactPeer.FromIPv4(0x0a00_0000 | (uint)thread, port);
            var announce = new PeerAnnounce(new InfoHash(hash), peer, 1, (AnnounceEvent)random.Next(5), random.Next(2) == 0);
            AnnounceResult result = store.Announce(announce, ipv4, ipv6);
            if (result.Counts.Seeders < 0 || result.Counts.Leechers < 0 || result.Counts.PartialSeeds > result.Counts.Leechers)
                throw new InvalidOperationException($"After {announce} the counts are {result.Counts}.");
        }
    }
}
