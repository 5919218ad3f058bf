using CsCheck;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Swarms;

public unsafe class SwarmMemoryTests
{
    [Fact]
    public void Blocks_never_overlap_and_are_used_again() => Gen.Select(Gen.Int[1, 5000], Gen.Bool).Array[1, 800].Sample(
        steps =>
        {
            using var memory = new SwarmMemory();
            var blocks = new List<(nint Address, int Length, byte Mark)>();
            byte mark = 0;
            foreach ((int length, bool frees) in steps)
            {
                if (frees && blocks.Count > 0)
                {
                    int which = length % blocks.Count;
                    AssertHolds(blocks[which]);
                    memory.Free((void*)blocks[which].Address, (nuint)blocks[which].Length);
                    blocks.RemoveAt(which);
                    continue;
                }

                void* block = memory.Allocate((nuint)length);
                Assert.Equal(0, (nint)block % 16);
                new Span<byte>(block, length).Fill(++mark);
                blocks.Add(((nint)block, length, mark));
            }

            Assert.Equal(blocks.Sum(block => (long)((block.Length + 15) & ~15)), memory.Used);
            foreach ((nint address, int length, byte expected) in blocks)
            {
                AssertHolds((address, length, expected));
                memory.Free((void*)address, (nuint)length);
            }

            Assert.Equal(0, memory.Used);
        },
        iter: 100);

    [Fact]
    public void A_block_that_is_given_back_is_the_next_of_its_size()
    {
        using var memory = new SwarmMemory();
        void* first = memory.Allocate(100);
        memory.Allocate(100);
        memory.Free(first, 100);
        Assert.True(memory.Allocate(112) == first);
    }

    [Fact]
    public void The_largest_blocks_begin_with_a_cache_line()
    {
        using var memory = new SwarmMemory();
        for (int i = 0; i < 2000; i++)
        {
            memory.Allocate(16);
            Assert.Equal(0, (nint)memory.Allocate(4096) % 64);
        }
    }

    private static void AssertHolds((nint Address, int Length, byte Mark) block) =>
        Assert.True(new ReadOnlySpan<byte>((void*)block.Address, block.Length).IndexOfAnyExcept(block.Mark) < 0, "somebody else wrote into a block");
}
