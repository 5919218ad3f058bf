using CsCheck;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Storage;

public sealed class ContentStoreProperties
{
    private static readonly Gen<Scenario> Scenarios =
        from version in Gen.Enum<TorrentVersion>()
        from blocks in Gen.Int[0, 5].Select(power => 1 << power)
        from lengths in Gen.OneOf(Gen.Int[0, 3], Gen.Int[1, 40_000], Gen.Int[1, 400_000]).Array[1, 12]
        from tight in Gen.Bool
        from seed in Gen.Int
        select new Scenario(version, blocks * BlockRequest.BlockSize, lengths, tight, seed);

    [Fact]
    public void Blocks_in_any_order_give_the_right_files_and_verdicts_and_leave_no_memory_behind() => Scenarios.Sample(
        scenario =>
        {
            if (scenario.Lengths.Sum() == 0)
                return;
            var random = new Random(scenario.Seed);
            using var rig = new StoreRig(
                TestContent.Create(scenario.Version, scenario.PieceLength, scenario.Lengths),
                poolLimit: scenario.IsTight ? 1 : 32 << 20);
            var missing = new HashSet<int>(Enumerable.Range(0, rig.Metainfo.PieceCount));
            var bad = new HashSet<int>();

            // Pieces are fetched a few at a time, some with a corrupt block, until all are good.
            for (int round = 0; missing.Count > 0; round++)
            {
                bad.Clear();
                var blocks = new List<(int Piece, int Block, bool Corrupt)>();
                foreach (int piece in missing)
                {
                    int count = rig.Content.BlockCountOf(piece);
                    int corrupt = round < 2 && random.Next(3) == 0 ? random.Next(count) : -1;

                    // A wrong byte of padding is not kept, so it does no harm if it is hashed from disk.
                    if (corrupt >= 0 && rig.IsPadding(piece, corrupt))
                        corrupt = -1;
                    if (corrupt >= 0)
                        bad.Add(piece);
                    for (int block = 0; block < count; block++)
                        blocks.Add((piece, block, block == corrupt));
                }

                Shuffle(blocks, random, scenario.PieceLength / BlockRequest.BlockSize);
                rig.Done.Clear();
                foreach ((int piece, int block, bool corrupt) in blocks)
                {
                    while (rig.Pool.IsExhausted)
                    {
                        rig.Disk.RunOne(random);
                        rig.Loop.Turn(wait: false);
                    }

                    Assert.True(rig.Add(piece, block, corrupt));
                    while (random.Next(4) == 0 && rig.Disk.RunOne(random))
                    {
                    }

                    if (random.Next(4) == 0)
                        rig.Loop.Turn(wait: false);
                }

                rig.RunAll();
                Assert.Equal(missing.Order().Select(piece => (piece, !bad.Contains(piece))), rig.Done.Order());
                missing.IntersectWith(bad);
            }

            foreach (TorrentFile file in rig.Metainfo.Files.Where(file => file is { IsPadding: false, Length: > 0 }))
                Assert.Equal(rig.Content.Files[file.Index], rig.Storage.Files[file.Index]);
            Assert.Equal(0, rig.Pool.InUse);
            Assert.Equal(0, rig.Pool.Writing);
            Assert.Empty(rig.Failed);
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void Whatever_fails_every_piece_is_answered_once_and_all_memory_comes_back() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            using var rig = new StoreRig(TestContent.Create(TorrentVersion.V1, 32 * BlockRequest.BlockSize, 1_500_000, 100, 800_000), poolLimit: 1);
            rig.Storage.Before = _ =>
            {
                if (random.Next(12) == 0)
                    throw new IOException("The disk has a bad day.");
            };
            var blocks = new List<(int Piece, int Block, bool Corrupt)>();
            for (int piece = 0; piece < rig.Metainfo.PieceCount; piece++)
            {
                for (int block = 0; block < rig.Content.BlockCountOf(piece); block++)
                    blocks.Add((piece, block, false));
            }

            Shuffle(blocks, random, reach: 40);
            var dropped = new HashSet<int>();
            foreach ((int piece, int block, _) in blocks)
            {
                while (rig.Pool.IsExhausted)
                {
                    rig.Disk.RunOne(random);
                    rig.Loop.Turn(wait: false);
                }

                // A torrent adds no more to a piece that failed, or that it forgot, until it begins anew.
                if (dropped.Contains(piece) || rig.Failed.Exists(failed => failed.Piece == piece))
                    continue;
                if (random.Next(200) == 0 && dropped.Add(piece))
                    rig.Store.Forget(piece);
                else
                    rig.Add(piece, block);
                while (random.Next(3) == 0 && rig.Disk.RunOne(random))
                {
                }

                rig.Loop.Turn(wait: false);
            }

            rig.RunAll();
            int[] told = [.. rig.Failed.Select(failed => failed.Piece), .. rig.Done.Select(done => done.Piece), .. dropped];
            Assert.Equal(Enumerable.Range(0, rig.Metainfo.PieceCount), told.Order());
            Assert.All(rig.Done, done => Assert.True(done.Good));
            Assert.Equal(0, rig.Pool.InUse);
            Assert.Equal(0, rig.Pool.Writing);
        },
        iter: 60,
        threads: 1);

    /// <summary>Mixes a list so that each item moves about as far as it would with many peers at work.</summary>
    private static void Shuffle<T>(List<T> items, Random random, int reach)
    {
        for (int i = 0; i < items.Count; i++)
        {
            int other = Math.Min(items.Count - 1, i + random.Next(reach * 2));
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private sealed record Scenario(TorrentVersion Version, int PieceLength, int[] Lengths, bool IsTight, int Seed)
    {
        public override string ToString() => $"{Version} {PieceLength} [{string.Join(' ', Lengths)}] tight: {IsTight} seed: {Seed}";
    }
}
