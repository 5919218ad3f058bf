using CsCheck;
using OurTorrent.Pieces;

namespace OurTorrent.Tests.Pieces;

public sealed class RarityOrderTests
{
    [Fact]
    public void It_stays_sorted_whatever_changes()
    {
        const int Pieces = 30;
        Gen.Select(Gen.Int[0, Pieces - 1], Gen.Int[0, 3]).Array[0, 300].Sample(steps =>
        {
            int[] positions = new int[Pieces];
            int[] availability = new int[Pieces];
            bool[] present = new bool[Pieces];
            var order = new RarityOrder(positions, new Random(1));
            foreach ((int piece, int step) in steps)
            {
                switch (step)
                {
                    case 0 when !present[piece]:
                        order.Add(piece, availability[piece]);
                        present[piece] = true;
                        break;
                    case 1 when present[piece]:
                        order.Remove(piece, availability[piece]);
                        present[piece] = false;
                        break;
                    case 3 when availability[piece] > 0:
                        if (present[piece])
                            order.Decrease(piece, availability[piece]);
                        availability[piece]--;
                        break;
                    default:
                        if (present[piece])
                            order.Increase(piece, availability[piece]);
                        availability[piece]++;
                        break;
                }

                int[] pieces = Enumerable.Range(0, order.Count).Select(i => order[i]).ToArray();
                Assert.Equal(Enumerable.Range(0, Pieces).Where(i => present[i]), pieces.Order());
                Assert.Equal(pieces.Select(i => availability[i]).Order(), pieces.Select(i => availability[i]));
                Assert.Equal(pieces.Count(i => availability[i] == 0), order.UnavailableCount);
                for (int i = 0; i < pieces.Length; i++)
                    Assert.Equal(i, positions[pieces[i]]);
            }
        }, iter: 100);
    }

    [Fact]
    public void Equals_come_in_random_order()
    {
        int[] first = new int[10];
        var random = new Random(7);
        for (int run = 0; run < 10_000; run++)
        {
            var order = new RarityOrder(new int[10], random);
            for (int piece = 0; piece < 10; piece++)
                order.Add(piece, 0);
            for (int piece = 0; piece < 10; piece++)
                order.Increase(piece, 0);
            first[order[0]]++;
        }

        Assert.All(first, count => Assert.InRange(count, 850, 1150));
    }
}
