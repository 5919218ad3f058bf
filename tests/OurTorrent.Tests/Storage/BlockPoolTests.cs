using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class BlockPoolTests
{
    [Fact]
    public void A_block_goes_back_when_its_last_share_is_released()
    {
        var pool = new BlockPool(1 << 20);
        BlockBuffer block = pool.Rent();
        block.Share();
        Assert.True(block.IsShared);
        block.Release();
        Assert.Equal(1, pool.InUse);
        block.Release();
        Assert.Equal(0, pool.InUse);
        Assert.Throws<InvalidOperationException>(block.Release);
    }

    [Fact]
    public void Blocks_do_not_overlap()
    {
        var pool = new BlockPool(1 << 20);
        BlockBuffer[] blocks = [.. Enumerable.Range(0, 64).Select(_ => pool.Rent())];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].Memory.Span.Fill((byte)i);
        Assert.All(blocks, block => Assert.Equal(-1, block.Memory.Span.IndexOfAnyExcept((byte)Array.IndexOf(blocks, block))));
        Assert.True(pool.IsExhausted);
    }

    [Fact]
    public void Holders_write_out_above_the_high_water_mark_the_largest_first()
    {
        var pool = new BlockPool(1);
        var small = new Holder(pool, 2);
        var large = new Holder(pool, 5);
        pool.Register(small);
        pool.Register(large);
        while (pool.InUse < pool.HighWater - 1)
            pool.Rent();
        Assert.Equal((0, 0), (small.Written, large.Written));
        pool.Rent();
        Assert.Equal((0, 5), (small.Written, large.Written));
    }

    [Fact]
    public void Room_is_told_once_after_exhaustion_and_not_before_the_low_water_mark()
    {
        var pool = new BlockPool(1);
        var holder = new Holder(pool, 0);
        pool.Register(holder);
        var blocks = new Stack<BlockBuffer>();
        while (!pool.IsExhausted)
            blocks.Push(pool.Rent());
        while (pool.InUse > pool.LowWater)
        {
            Assert.Equal(0, holder.Rooms);
            blocks.Pop().Release();
        }

        Assert.Equal(1, holder.Rooms);
        while (blocks.TryPop(out BlockBuffer? block))
            block.Release();
        Assert.Equal(1, holder.Rooms);
    }

    private sealed class Holder(BlockPool pool, int writable) : IBlockHolder
    {
        public int Writable { get; private set; } = writable;

        public int Written { get; private set; }

        public int Rooms { get; private set; }

        public void WriteOut()
        {
            pool.BeginWriting(Writable);
            Written += Writable;
            Writable = 0;
        }

        public void OnRoom() => Rooms++;
    }
}
