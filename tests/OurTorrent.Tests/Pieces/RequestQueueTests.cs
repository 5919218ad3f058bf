using CsCheck;
using OurTorrent.Pieces;

namespace OurTorrent.Tests.Pieces;

public sealed class RequestQueueTests
{
    [Fact]
    public void It_is_a_list_from_which_anything_can_be_taken()
    {
        Gen.Int[0, 99].Array[0, 400].Sample(steps =>
        {
            var queue = new RequestQueue();
            var list = new List<(int, int)>();
            int next = 0;
            foreach (int step in steps)
            {
                if (step < 60)
                {
                    queue.Add(next, next + 1);
                    list.Add((next, ++next));
                }
                else if (step < 95 && list.Count > 0)
                {
                    (int piece, int block) = list[step % list.Count];
                    Assert.Equal(step % list.Count, queue.IndexOf(piece, block));
                    Assert.True(queue.Remove(piece, block));
                    Assert.False(queue.Remove(piece, block));
                    list.Remove((piece, block));
                }
                else if (list.Count > 0)
                {
                    Assert.Equal(list[^1], queue.RemoveLast());
                    list.RemoveAt(list.Count - 1);
                }

                Assert.Equal(list, Enumerable.Range(0, queue.Count).Select(i => queue[i]));
            }
        }, iter: 50);
    }
}
