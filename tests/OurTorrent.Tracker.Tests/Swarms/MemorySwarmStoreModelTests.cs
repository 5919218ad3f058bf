using CsCheck;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

/// <summary>The memory store beside the naive one: same announces, same counts, and peers that may be given.</summary>
public class MemorySwarmStoreModelTests
{
    // Few swarms and ports, so that peers meet themselves again; more ports in the later ones, so that pages split and merge.
    private static readonly Gen<(PeerAnnounce Announce, int Wanted)> Step =
        from swarm in Gen.Int[0, 5]
        from port in Gen.UShort[1, 400]
        from isIPv6 in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from key in Gen.UInt[1, 2]
        from what in Gen.Frequency(
            (5, Gen.Const(AnnounceEvent.None)), (2, Gen.Const(AnnounceEvent.Started)), (3, Gen.Const(AnnounceEvent.Stopped)),
            (1, Gen.Const(AnnounceEvent.Completed)), (1, Gen.Const(AnnounceEvent.Paused)))
        from isSeeder in Gen.Bool
        from wanted in Gen.Int[0, 60]
        select (new PeerAnnounce(Hash(swarm), Peer(port % (swarm < 3 ? 7 : 400), isIPv6), key, what, isSeeder), wanted);

    [Fact]
    public void It_agrees_with_the_naive_store() => Step.Array[1, 3000].Sample(
        steps =>
        {
            var store = new MemorySwarmStore(new MemorySwarmStoreOptions { MaxPeersPerTorrent = 300, MaxTorrents = 5 }, new Random(1));
            var model = new NaiveSwarmStore(maxTorrents: 5, maxPeersPerTorrent: 300);
            Span<byte> ipv4 = new byte[60 * 6], ipv6 = new byte[60 * 18], all = new byte[1000 * 18], all6 = new byte[1000 * 18];
            foreach ((PeerAnnounce announce, int wanted) in steps)
            {
                AnnounceResult expected = model.Announce(announce, all, all6);
                AnnounceResult actual = store.Announce(announce, ipv4[..(wanted * 6)], ipv6[..(wanted * 18)]);
                Assert.Equal(expected with { IPv4Bytes = 0, IPv6Bytes = 0 }, actual with { IPv4Bytes = 0, IPv6Bytes = 0 });
                AssertChosen(all[..expected.IPv4Bytes], ipv4[..actual.IPv4Bytes], wanted, 6);
                AssertChosen(all6[..expected.IPv6Bytes], ipv6[..actual.IPv6Bytes], wanted, 18);
                Assert.Equal(model.Scrape(announce.InfoHash), store.Scrape(announce.InfoHash));
            }

            Assert.Equal(model.Totals, store.Totals with { MemoryBytes = 0 });
            Assert.Equal(model.Enumerate().OrderBy(swarm => swarm.InfoHash), store.Enumerate().OrderBy(swarm => swarm.InfoHash));
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        },
        iter: 150);

    [Fact]
    public void What_it_copies_and_what_it_feeds_make_the_same_swarms_again() => Step.Array[1, 2000].Sample(
        steps =>
        {
            var options = new MemorySwarmStoreOptions();
            var store = new MemorySwarmStore(options, new Random(1));
            var copied = new MemorySwarmStore(options, new Random(2));
            var replayed = new MemorySwarmStore(options, new Random(3));
            var mixed = new MemorySwarmStore(options, new Random(4));
            store.Changes.Enable();
            for (int i = 0; i < steps.Length; i++)
            {
                store.Announce(steps[i].Announce, [], []);
                if (i == steps.Length / 2)
                    Copy(store, mixed, changedOnly: true);
            }

            // The mixed one has images from the middle, and is then told everything from the beginning: an end that a crash can leave.
            Copy(store, copied, changedOnly: false);
            store.Changes.Drain(bytes =>
            {
                while (SwarmChange.TryRead(bytes, out SwarmChange change))
                {
                    replayed.Apply(change, isRemote: false);
                    mixed.Apply(change, isRemote: false);
                    bytes = bytes[change.WireLength..];
                }

                Assert.True(bytes.IsEmpty);
            });
            foreach (MemorySwarmStore other in (MemorySwarmStore[])[copied, replayed, mixed])
            {
                Assert.Equal(store.Totals with { MemoryBytes = 0 }, other.Totals with { MemoryBytes = 0 });
                Assert.Equal(PeersOf(store), PeersOf(other));
                other.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }

            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        },
        iter: 100);

    private static void Copy(MemorySwarmStore from, MemorySwarmStore to, bool changedOnly)
    {
        var image = new SwarmImage();
        for (ImageCursor cursor = default; from.NextImage(ref cursor, changedOnly, image);)
            to.Restore(image.InfoHash, (uint)image.Counts.Completed, image.IPv4Peers.WrittenSpan, image.IPv6Peers.WrittenSpan);
    }

    private static string[] PeersOf(MemorySwarmStore store)
    {
        var peers = new List<string>();
        var image = new SwarmImage();
        for (ImageCursor cursor = default; store.NextImage(ref cursor, changedOnly: false, image);)
        {
            foreach (byte[] peer in image.IPv4Peers.WrittenSpan.ToArray().Chunk(6 + SwarmImage.PeerSuffixLength))
                peers.Add($"{image.InfoHash} {Convert.ToHexString(peer)}");
            foreach (byte[] peer in image.IPv6Peers.WrittenSpan.ToArray().Chunk(18 + SwarmImage.PeerSuffixLength))
                peers.Add($"{image.InfoHash} {Convert.ToHexString(peer)}");
        }

        peers.Sort(StringComparer.Ordinal);
        return [.. peers];
    }

    private static void AssertChosen(ReadOnlySpan<byte> allowed, ReadOnlySpan<byte> chosen, int wanted, int length)
    {
        HashSet<string> may = [.. allowed.ToArray().Chunk(length).Select(Convert.ToHexString)];
        string[] are = [.. chosen.ToArray().Chunk(length).Select(Convert.ToHexString)];
        Assert.Equal(Math.Min(wanted, may.Count), are.Length);
        Assert.Equal(are.Length, are.Distinct().Count());
        Assert.All(are, peer => Assert.Contains(peer, may));
    }

    private static InfoHash Hash(int number)
    {
        var bytes = new byte[InfoHash.Length];
        bytes[0] = (byte)number;
        return new InfoHash(bytes);
    }

    private static CompactPeer Peer(int port, bool isIPv6) =>
        isIPv6 ? CompactPeer.FromIPv6(((UInt128)0x2001_0db8 << 96) | 1, (ushort)port) : CompactPeer.FromIPv4(0x0a000001, (ushort)port);
}
