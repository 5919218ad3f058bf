using OurTorrent.Pieces;

namespace OurTorrent.Tests.Pieces;

public sealed class RequestWindowTests
{
    private const int Block = 16384;

    [Fact]
    public void It_begins_small_and_opens_by_one_for_each_block()
    {
        var window = new RequestWindow(250);
        Assert.Equal(4, window.Size);
        window.Sent(TimeSpan.Zero, 4);

        for (int i = 0; i < 10; i++)
            window.Received(TimeSpan.FromMilliseconds(i), Block, 3);

        Assert.Equal(14, window.Size);
    }

    [Theory]
    [InlineData(20_000, 100, 2, 4)]
    [InlineData(1_000_000, 50, 90, 170)]
    [InlineData(10_000_000, 200, 1000, 2000)]
    [InlineData(1_000_000_000, 1, 2000, 2000)]
    public void It_settles_at_what_the_peer_sends_in_its_round_trip_and_two_seconds(long rate, int delay, int least, int most)
    {
        RequestWindow window = Drive(new RequestWindow(5000), rate, TimeSpan.FromMilliseconds(delay), TimeSpan.FromSeconds(30));

        Assert.InRange(window.Size, least, most);
    }

    [Fact]
    public void A_peer_that_sends_a_block_now_and_then_has_a_rate_and_keeps_it_while_it_is_idle()
    {
        var window = new RequestWindow();
        Assert.Equal(0, window.RateAt(TimeSpan.Zero));
        window.Sent(TimeSpan.Zero, 2);
        Assert.Equal(0, window.RateAt(TimeSpan.FromSeconds(5)));
        window.Received(TimeSpan.FromSeconds(8), Block, 1);
        Assert.Equal(Block / 8, window.RateAt(TimeSpan.FromSeconds(10)));
        window.Received(TimeSpan.FromSeconds(16), Block, 0);
        Assert.Equal(Block / 8, window.RateAt(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void The_rate_of_a_peer_falls_while_its_next_block_does_not_come()
    {
        var window = new RequestWindow();
        window.Sent(TimeSpan.Zero, 3);
        Assert.Equal(Block / 32, window.RateAt(TimeSpan.FromSeconds(32)));
        window.Received(TimeSpan.FromSeconds(32), Block, 2);
        window.Received(TimeSpan.FromSeconds(33), Block, 1);
        long rate = window.RateAt(TimeSpan.FromSeconds(33));

        Assert.Equal(rate, window.RateAt(TimeSpan.FromSeconds(34)));
        Assert.Equal(Block / 64, window.RateAt(TimeSpan.FromSeconds(33 + 64)));
    }

    [Fact]
    public void It_never_exceeds_what_the_peer_takes()
    {
        RequestWindow window = Drive(new RequestWindow(), 100_000_000, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(5));
        Assert.Equal(250, window.Size);

        window.SetLimit(10);
        Assert.Equal(10, window.Size);
        window.SetLimit(-5);
        Assert.Equal(1, window.Size);
    }

    [Fact]
    public void It_follows_a_rate_that_falls_and_rises()
    {
        var window = new RequestWindow(2000);
        TimeSpan delay = TimeSpan.FromMilliseconds(50);
        Drive(window, 5_000_000, delay, TimeSpan.FromSeconds(20));
        int high = window.Size;
        Drive(window, 100_000, delay, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20));
        int low = window.Size;
        Drive(window, 5_000_000, delay, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(40));

        Assert.InRange(high, 500, 900);
        Assert.InRange(low, 2, 30);
        Assert.InRange(window.Size, 500, 900);
    }

    [Fact]
    public void The_round_trip_is_that_of_a_request_on_an_idle_line()
    {
        RequestWindow window = Drive(new RequestWindow(2000), 1_000_000, TimeSpan.FromMilliseconds(120), TimeSpan.FromSeconds(10));

        Assert.InRange(window.RoundTrip!.Value.TotalMilliseconds, 110, 250);
    }

    [Fact]
    public void A_peer_that_never_answers_is_snubbed_after_twenty_seconds_and_timed_out_after_two_minutes()
    {
        var window = new RequestWindow();
        window.Sent(TimeSpan.FromSeconds(5), 4);
        window.Sent(TimeSpan.FromSeconds(20), 5);

        Assert.Equal(TimeSpan.FromSeconds(25), window.NextDue(TimeSpan.FromSeconds(20)));
        Assert.False(window.IsSnubbed(TimeSpan.FromSeconds(24)));
        Assert.True(window.IsSnubbed(TimeSpan.FromSeconds(25)));
        Assert.Equal(TimeSpan.FromSeconds(125), window.NextDue(TimeSpan.FromSeconds(25)));
        Assert.False(window.HasTimedOut(TimeSpan.FromSeconds(124)));
        Assert.True(window.HasTimedOut(TimeSpan.FromSeconds(125)));
        Assert.Null(window.NextDue(TimeSpan.FromSeconds(125)));
    }

    [Fact]
    public void A_fast_peer_that_falls_silent_is_snubbed_sooner()
    {
        var window = new RequestWindow();
        Drive(window, 1_000_000, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20));

        Assert.False(window.IsSnubbed(TimeSpan.FromSeconds(29)));
        Assert.True(window.IsSnubbed(TimeSpan.FromSeconds(31)));
    }

    [Fact]
    public void A_peer_of_which_nothing_is_asked_is_not_snubbed()
    {
        var window = new RequestWindow();
        window.Sent(TimeSpan.Zero, 1);
        window.Received(TimeSpan.FromSeconds(1), Block, 0);
        Assert.False(window.IsSnubbed(TimeSpan.FromHours(1)));

        window.Sent(TimeSpan.FromHours(1), 1);
        Assert.False(window.IsSnubbed(TimeSpan.FromHours(1)));
        window.Dropped(0);
        Assert.False(window.IsSnubbed(TimeSpan.FromHours(2)));
        Assert.Null(window.NextDue(TimeSpan.FromHours(2)));
    }

    [Fact]
    public void A_pause_of_our_own_is_not_held_against_the_peer()
    {
        var window = new RequestWindow();
        window.Sent(TimeSpan.Zero, 1);
        window.Excuse(TimeSpan.FromSeconds(15));

        Assert.False(window.IsSnubbed(TimeSpan.FromSeconds(30)));
        Assert.True(window.IsSnubbed(TimeSpan.FromSeconds(35)));
    }

    [Fact]
    public void After_a_choke_it_opens_from_its_beginning()
    {
        RequestWindow window = Drive(new RequestWindow(), 10_000_000, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(5));
        window.Reset();

        Assert.Equal(4, window.Size);
        Assert.Null(window.RoundTrip);
        Assert.False(window.IsSnubbed(TimeSpan.FromHours(1)));
    }

    // A peer that answers in order, no faster than its rate, and after its delay at the soonest.
    private static RequestWindow Drive(RequestWindow window, long rate, TimeSpan delay, TimeSpan until, TimeSpan from = default)
    {
        var due = new Queue<TimeSpan>();
        TimeSpan perBlock = TimeSpan.FromSeconds((double)Block / rate);
        TimeSpan now = from;
        TimeSpan free = from;
        Fill();
        while (due.Peek() <= until)
        {
            now = due.Dequeue();
            window.Received(now, Block, due.Count);
            Fill();
        }

        return window;

        void Fill()
        {
            bool sent = due.Count < window.Size;
            while (due.Count < window.Size)
            {
                TimeSpan start = free > now + (delay / 2) ? free : now + (delay / 2);
                free = start + perBlock;
                due.Enqueue(free + (delay / 2));
            }

            if (sent)
                window.Sent(now, due.Count);
        }
    }
}
