using CsCheck;
using OurTorrent.Peers;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Peers;

public sealed class UploadQueueTests
{
    private readonly UploadQueue _queue = new();

    [Fact]
    public void Requests_are_served_in_the_order_they_came()
    {
        foreach (int piece in (int[])[3, 1, 3, 2])
            Assert.True(_queue.TryAdd(Block(piece)));

        Assert.Equal([3, 1, 3, 2], Served());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void A_request_taken_back_is_not_served_and_each_is_taken_back_once()
    {
        foreach (int piece in (int[])[1, 2, 1])
            _queue.TryAdd(Block(piece));

        Assert.True(_queue.Remove(Block(1)));
        Assert.Equal(2, _queue.Count);
        Assert.False(_queue.Remove(Block(9)));
        Assert.Equal([2, 1], Served());
        Assert.False(_queue.Remove(Block(1)));
    }

    [Fact]
    public void There_is_room_for_so_many_and_for_others_when_some_were_taken_back()
    {
        for (int piece = 0; piece < UploadQueue.Capacity; piece++)
            Assert.True(_queue.TryAdd(Block(piece)));
        Assert.False(_queue.TryAdd(Block(0)));

        Assert.True(_queue.Remove(Block(5)));
        Assert.True(_queue.TryAdd(Block(7)));
        Assert.False(_queue.TryAdd(Block(7)));
    }

    [Fact]
    public void Who_asks_and_takes_back_without_end_does_not_make_it_grow()
    {
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                _queue.TryAdd(Block(i % 3000));
                _queue.Remove(Block(i % 3000));
            }
        }));
        Assert.Equal(0, _queue.Count);
        Assert.Empty(Served());
    }

    [Fact]
    public void A_choke_drops_everything_but_what_is_allowed_all_the_same()
    {
        _queue.AllowedFast.Add(2);
        foreach (int piece in (int[])[1, 2, 3, 2])
            _queue.TryAdd(Block(piece));
        _queue.Remove(Block(2));

        _queue.RefuseAll(tell: null);

        Assert.Equal(1, _queue.Count);
        Assert.Equal([2], Served());
    }

    [Fact]
    public void It_behaves_as_a_list_would()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]).Array[0, 60].Sample(steps =>
        {
            var queue = new UploadQueue();
            var model = new List<int>();
            foreach ((int step, int piece) in steps)
            {
                switch (step)
                {
                    case 0 or 1:
                        queue.TryAdd(Block(piece));
                        model.Add(piece);
                        break;
                    case 2:
                        Assert.Equal(model.Remove(piece), queue.Remove(Block(piece)));
                        break;
                    case 3 when queue.TryPeek(out BlockRequest next):
                        Assert.Equal(model[0], next.Piece);
                        queue.Dequeue();
                        model.RemoveAt(0);
                        break;
                    default:
                        Assert.Equal(model.Count > 0, queue.TryPeek(out _));
                        break;
                }

                Assert.Equal(model.Count, queue.Count);
            }
        });
    }

    private static BlockRequest Block(int piece) => new(piece, 0, BlockRequest.BlockSize);

    private List<int> Served()
    {
        var served = new List<int>();
        while (_queue.TryPeek(out BlockRequest request))
        {
            served.Add(request.Piece);
            _queue.Dequeue();
        }

        return served;
    }
}
