using CsCheck;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Sessions;

namespace OurTorrent.Simulation.Storage;

public sealed class SharedStorageTests
{
    [Fact]
    public void It_cannot_be_told_from_a_storage_that_keeps_everything()
    {
        var content = new SimulatedContent(1, [new MetainfoFile(["a"], 40_000), new MetainfoFile(["b"], 30_001)], 16 * 1024);
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 40_000], Gen.Int[1, 20_000], Gen.Int[0, 3]).Array[0, 30].Sample(
            operations =>
            {
                using var shared = new SharedStorage(content);
                using var plain = new MemoryStorage(content.Metainfo);
                foreach ((int file, int offset, int length, int kind) in operations)
                {
                    TorrentFile entry = content.Metainfo.Files[file];
                    int start = (int)Math.Min(offset, entry.Length - 1);
                    int count = (int)Math.Min(length, entry.Length - start);
                    byte[] bytes = new byte[count];
                    if (kind > 0)
                        content.Bytes.Slice((int)entry.Offset + start, count).CopyTo(bytes);
                    shared.Prepare(file);
                    plain.Prepare(file);
                    shared.Write(file, start, [bytes.AsMemory(..(count / 2)), bytes.AsMemory((count / 2)..)]);
                    plain.Write(file, start, [bytes]);
                }

                int right = 0;
                for (int file = 0; file < 2; file++)
                {
                    byte[] one = new byte[50_000];
                    byte[] other = new byte[50_000];
                    Assert.Equal(plain.Read(file, 0, other), shared.Read(file, 0, one));
                    Assert.Equal(other, one);
                    Assert.Equal(plain.GetStamp(file), shared.GetStamp(file));
                }

                byte[] all = [.. plain[0] ?? new byte[40_000], .. plain[1] ?? new byte[30_001]];
                for (int block = 0; block * 16_384 < all.Length; block++)
                {
                    Range range = (block * 16_384)..Math.Min(all.Length, (block + 1) * 16_384);
                    bool isRight = all.AsSpan(range).SequenceEqual(content.Bytes[range]);
                    Assert.Equal(isRight, shared.IsRight(block * 16_384, 1));
                    right += isRight ? 1 : 0;
                }

                Assert.Equal(right, shared.RightBlocks);
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void A_whole_one_has_everything_without_a_copy()
    {
        var content = new SimulatedContent(1, 100_000, 16 * 1024);
        using var storage = new SharedStorage(content, isWhole: true);
        byte[] read = new byte[100_000];
        Assert.Equal(100_000, storage.Read(0, 0, read));
        Assert.True(content.Bytes.SequenceEqual(read));
        Assert.True(storage.IsWhole);

        storage.Write(0, 5, [new byte[1]]);
        Assert.False(storage.IsWhole);
        storage.Write(0, 5, [read.AsMemory(5, 1)]);
        Assert.True(storage.IsWhole);
    }
}
