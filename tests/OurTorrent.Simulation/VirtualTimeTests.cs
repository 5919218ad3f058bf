namespace OurTorrent.Simulation;

public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _happened = [];

    [Fact]
    public void Events_happen_at_their_times_and_in_the_order_they_were_scheduled()
    {
        _time.After(TimeSpan.FromSeconds(2), () => Note("c"));
        _time.After(TimeSpan.FromSeconds(1), () => Note("a"));
        _time.After(TimeSpan.FromSeconds(1), () =>
        {
            Note("b");
            _time.After(TimeSpan.FromSeconds(0.5), () => Note("between"));
        });
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["a 1", "b 1", "between 1.5", "c 2"], _happened);
        Assert.Equal(TimeSpan.FromSeconds(3), _time.Now);
        Assert.Null(_time.Next);
    }

    [Fact]
    public void Every_clock_a_program_can_ask_moves_together()
    {
        long stamp = _time.GetTimestamp();
        DateTimeOffset wall = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromHours(1), _time.GetElapsedTime(stamp));
        Assert.Equal(TimeSpan.FromHours(1), _time.GetUtcNow() - wall);
        Assert.Equal(TimeZoneInfo.Utc, _time.LocalTimeZone);
    }

    [Fact]
    public void A_timer_fires_once_or_again_and_again_until_it_is_changed_or_disposed()
    {
        using ITimer once = _time.CreateTimer(_ => Note("once"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        ITimer often = _time.CreateTimer(_ => Note("often"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        using ITimer never = _time.CreateTimer(_ => Note("never"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["once 1", "often 2", "often 4"], _happened);

        often.Dispose();
        Assert.False(often.Change(TimeSpan.Zero, TimeSpan.Zero));
        Assert.True(once.Change(TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan));
        Assert.True(once.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["once 1", "often 2", "often 4", "once 8"], _happened);
    }

    [Fact]
    public async Task A_delay_on_this_clock_ends_when_the_clock_gets_there()
    {
        Task delay = Task.Delay(TimeSpan.FromDays(1), _time, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await delay;
    }

    private void Note(string what) => _happened.Add(FormattableString.Invariant($"{what} {_time.Now.TotalSeconds}"));
}
