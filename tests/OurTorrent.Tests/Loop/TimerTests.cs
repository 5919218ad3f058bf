using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Loop;

namespace OurTorrent.Tests.Loop;

public sealed class TimerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly IdleNetwork _network = new() { WhenPolled = static _ => { } };
    private readonly List<Exception> _errors = [];
    private readonly EngineLoop _loop;
    private readonly List<string> _fired = [];

    public TimerTests() => _loop = new EngineLoop(_network, _time, _errors.Add);

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Timers_fire_in_the_order_of_their_times()
    {
        Timer("late").Set(TimeSpan.FromSeconds(3));
        Timer("soon").Set(TimeSpan.FromSeconds(1));
        Timer("between").Set(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(1), _loop.NextDue);

        TurnAfter(0);
        Assert.Empty(_fired);
        TurnAfter(2);
        Assert.Equal(["soon", "between"], _fired);
        TurnAfter(1);
        Assert.Equal(["soon", "between", "late"], _fired);
        Assert.Null(_loop.NextDue);
    }

    [Fact]
    public void Timers_due_at_the_same_time_fire_in_the_order_they_were_set()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"{i}")];
        LoopTimer[] timers = [.. names.Select(Timer)];
        foreach (LoopTimer timer in timers)
            timer.Set(TimeSpan.FromSeconds(1));
        timers[0].Set(TimeSpan.FromSeconds(1));
        TurnAfter(1);

        Assert.Equal([.. names[1..], "0"], _fired);
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire_and_can_be_set_again()
    {
        LoopTimer timer = Timer("x");
        timer.Cancel();
        timer.Set(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), timer.Due);
        timer.Cancel();
        Assert.Null(timer.Due);
        Assert.Null(_loop.NextDue);
        TurnAfter(2);
        Assert.Empty(_fired);

        timer.Set(TimeSpan.FromSeconds(1));
        TurnAfter(1);
        Assert.Equal(["x"], _fired);
        Assert.Null(timer.Due);
    }

    [Fact]
    public void Setting_a_timer_again_moves_it_both_ways_and_keeps_one_place_in_the_queue()
    {
        LoopTimer timer = Timer("x");
        for (int i = 0; i < 10_000; i++)
            timer.Set(TimeSpan.FromSeconds(10 + (i % 7)));
        Assert.Equal(1, _loop.Timers.Count);

        timer.Set(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _loop.NextDue);
        timer.Set(TimeSpan.FromSeconds(30));
        TurnAfter(29);
        Assert.Empty(_fired);
        TurnAfter(1);
        Assert.Equal(["x"], _fired);
    }

    [Fact]
    public void A_timer_set_to_now_by_its_own_callback_fires_in_the_next_turn()
    {
        int count = 0;
        LoopTimer timer = null!;
        timer = _loop.CreateTimer(() =>
        {
            count++;
            timer.Set(TimeSpan.Zero);
        });
        timer.Set(TimeSpan.FromSeconds(-5));
        TurnAfter(0);
        Assert.Equal(1, count);
        TurnAfter(0);
        Assert.Equal(2, count);
    }

    [Fact]
    public void A_callback_may_cancel_and_set_other_timers_that_are_due_in_the_same_turn()
    {
        LoopTimer cancelled = Timer("cancelled");
        LoopTimer moved = Timer("moved");
        LoopTimer first = _loop.CreateTimer(() =>
        {
            cancelled.Cancel();
            moved.Set(TimeSpan.FromSeconds(1));
        });
        first.Set(TimeSpan.FromSeconds(1));
        cancelled.Set(TimeSpan.FromSeconds(1));
        moved.Set(TimeSpan.FromSeconds(1));
        TurnAfter(1);
        Assert.Empty(_fired);
        TurnAfter(1);
        Assert.Equal(["moved"], _fired);
    }

    [Fact]
    public void A_time_beyond_all_time_is_as_good_as_never()
    {
        Timer("never").Set(TimeSpan.MaxValue);
        TurnAfter(1);
        Timer("never either").Set(TimeSpan.MaxValue);
        _loop.Turn(wait: true);

        Assert.Equal(TimeSpan.MaxValue, _loop.NextDue);
        Assert.Empty(_fired);
    }

    [Fact]
    public void An_exception_in_a_callback_is_reported_and_the_others_fire()
    {
        _loop.CreateTimer(static () => throw new InvalidOperationException("bad")).Set(TimeSpan.FromSeconds(1));
        Timer("good").Set(TimeSpan.FromSeconds(1));
        TurnAfter(1);

        Assert.Equal("bad", Assert.Single(_errors).Message);
        Assert.Equal(["good"], _fired);
    }

    [Fact]
    public void The_wait_ends_when_the_next_timer_is_due()
    {
        _loop.Turn(wait: true);
        Timer("x").Set(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(2));
        _loop.Turn(wait: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        _loop.Turn(wait: true);

        Assert.Equal([Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(3), TimeSpan.Zero], _network.Timeouts);
    }

    [Fact]
    public void The_time_a_handler_sees_is_that_after_the_wait()
    {
        LoopTimer timer = Timer("x");
        TimeSpan seen = default;
        _network.WhenPolled = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(100));
            seen = _loop.Now;
            timer.Set(TimeSpan.FromSeconds(5));
        };
        _loop.Turn(wait: true);

        Assert.Equal(TimeSpan.FromSeconds(100), seen);
        Assert.Empty(_fired);
        Assert.Equal(TimeSpan.FromSeconds(105), _loop.NextDue);
    }

    [Fact]
    public void The_queue_agrees_with_a_plain_sorted_list()
    {
        Gen<(int Timer, int Delay)> step = Gen.Select(Gen.Int[0, 15], Gen.Int[-1, 20]);
        step.Array[0, 200].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            using var loop = new EngineLoop(new IdleNetwork { WhenPolled = static _ => { } }, time, static _ => { });
            var fired = new List<int>();
            LoopTimer[] timers = [.. Enumerable.Range(0, 16).Select(i => loop.CreateTimer(() => fired.Add(i)))];
            var model = new List<(int Due, int Order, int Timer)>();
            var expected = new List<int>();
            int now = 0;
            int order = 0;
            foreach ((int timer, int delay) in steps)
            {
                model.RemoveAll(entry => entry.Timer == timer);
                if (delay < 0)
                {
                    timers[timer].Cancel();
                    time.Advance(TimeSpan.FromSeconds(1));
                    now++;
                    loop.Turn(wait: false);
                    expected.AddRange(model.Where(entry => entry.Due <= now).Order().Select(entry => entry.Timer));
                    model.RemoveAll(entry => entry.Due <= now);
                }
                else
                {
                    timers[timer].Set(TimeSpan.FromSeconds(delay));
                    model.Add((now + delay, order++, timer));
                }

                Assert.Equal(model.Count, loop.Timers.Count);
                Assert.Equal(model.Count == 0 ? null : TimeSpan.FromSeconds(model.Min().Due), loop.NextDue);
            }

            Assert.Equal(expected, fired);
        });
    }

    private LoopTimer Timer(string name) => _loop.CreateTimer(() => _fired.Add(name));

    private void TurnAfter(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _loop.Turn(wait: false);
    }
}
