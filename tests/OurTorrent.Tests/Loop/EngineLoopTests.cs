using System.Collections.Concurrent;
using OurTorrent.Loop;

namespace OurTorrent.Tests.Loop;

public sealed class EngineLoopTests : IDisposable
{
    private readonly IdleNetwork _network = new();
    private readonly ConcurrentQueue<Exception> _errors = new();

    public void Dispose() => _network.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Work_posted_before_the_first_turn_is_done_in_order_without_waiting()
    {
        using EngineLoop loop = Loop();
        var done = new List<int>();
        for (int i = 0; i < 100; i++)
        {
            int number = i;
            loop.Post(() => done.Add(number));
        }

        Assert.True(loop.HasPosted);
        loop.Turn(wait: true);

        Assert.Equal(Enumerable.Range(0, 100), done);
        Assert.False(loop.HasPosted);
        Assert.Equal([TimeSpan.Zero], _network.Timeouts);
    }

    [Fact]
    public void Work_that_posts_work_leaves_it_to_the_next_turn()
    {
        using EngineLoop loop = Loop();
        int count = 0;
        void Again()
        {
            count++;
            loop.Post(Again);
        }

        loop.Post(Again);
        loop.Turn(wait: true);
        Assert.Equal(1, count);
        loop.Turn(wait: true);
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task Work_from_several_threads_is_all_done_on_the_loop_s_thread_each_thread_s_in_order()
    {
        const int Threads = 4;
        const int Each = 20_000;
        using EngineLoop loop = Loop();
        loop.Start();
        var seen = new List<int>[Threads];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = Threads * Each;
        int strayed = 0;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () =>
            {
                seen[thread] = [];
                for (int i = 0; i < Each; i++)
                {
                    int number = i;
                    loop.Post(() =>
                    {
                        strayed += loop.IsCurrent ? 0 : 1;
                        seen[thread].Add(number);
                        if (--left == 0)
                            all.SetResult();
                    });
                }
            },
            Token)));
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(0, strayed);
        Assert.All(seen, numbers => Assert.Equal(Enumerable.Range(0, Each), numbers));
        Assert.False(loop.IsCurrent);
    }

    [Fact]
    public async Task Many_posts_wake_a_busy_loop_but_once_and_its_own_not_at_all()
    {
        using EngineLoop loop = Loop();
        loop.Start();
        int wakes = await loop.InvokeAsync(() =>
        {
            int before = _network.Wakes;
            loop.Post(static () => { });
            Assert.Equal(before, _network.Wakes);
            return before;
        });
        await loop.InvokeAsync(static () => 0);

        Assert.InRange(_network.Wakes, wakes, wakes + 1);
    }

    [Fact]
    public async Task A_result_and_an_exception_come_back_to_the_caller()
    {
        using EngineLoop loop = Loop();
        loop.Start();

        Assert.Equal(42, await loop.InvokeAsync(static () => 42));
        await Assert.ThrowsAsync<FormatException>(() => loop.InvokeAsync<int>(static () => throw new FormatException()));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task An_exception_in_posted_work_or_in_a_poll_is_reported_and_the_loop_goes_on()
    {
        using EngineLoop loop = Loop();
        loop.Start();
        loop.Post(static () => throw new InvalidOperationException("posted"));
        await loop.InvokeAsync(() => _network.WhenPolled = _ =>
        {
            _network.WhenPolled = null;
            throw new InvalidOperationException("polled");
        });

        Assert.Equal(1, await loop.InvokeAsync(static () => 1));
        Assert.Equal(["posted", "polled"], _errors.Select(error => error.Message).ToArray());
    }

    [Fact]
    public async Task Disposing_from_another_thread_ends_the_thread_and_the_network_after_what_was_posted()
    {
        EngineLoop loop = Loop();
        loop.Start();
        await loop.InvokeAsync(static () => 0);
        Task<int> last = loop.InvokeAsync(static () => 7);
        loop.Dispose();

        Assert.True(_network.IsDisposed);
        Assert.Equal(7, await last);
        loop.Dispose();
    }

    [Fact]
    public async Task Disposing_from_the_loop_does_not_wait_for_itself()
    {
        EngineLoop loop = Loop();
        loop.Start();
        Assert.True(await loop.InvokeAsync(() =>
        {
            loop.Dispose();
            return !_network.IsDisposed;
        }));
        loop.Dispose();

        Assert.True(_network.IsDisposed);
    }

    [Fact]
    public async Task A_loop_that_has_ended_forgets_work_and_says_so_to_those_who_wait()
    {
        EngineLoop loop = Loop();
        loop.Start();
        loop.Dispose();
        bool ran = false;
        loop.Post(() => ran = true);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.InvokeAsync(static () => 0));
        Assert.False(ran);
        Assert.False(loop.HasPosted);
    }

    [Fact]
    public async Task Nobody_waits_for_ever_whose_work_races_the_end()
    {
        for (int i = 0; i < 50; i++)
        {
            var loop = new EngineLoop(new IdleNetwork(), TimeProvider.System, _errors.Enqueue);
            loop.Start();
            Task<Task<int>[]> posting = Task.Run(
                () => Enumerable.Range(0, 200).Select(number => loop.InvokeAsync(() => number)).ToArray(), Token);
            loop.Dispose();
            Task<int>[] invocations = await posting;
            await Task.WhenAll(invocations).WaitAsync(TimeSpan.FromSeconds(30), Token).ContinueWith(
                static _ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);

            Assert.All(invocations, invocation => Assert.True(invocation.IsCompleted));
        }
    }

    [Fact]
    public void A_loop_that_never_started_is_disposed_at_once_and_turns_no_more()
    {
        EngineLoop loop = Loop();
        bool ran = false;
        loop.Post(() => ran = true);
        loop.Dispose();
        loop.Turn(wait: true);

        Assert.True(ran);
        Assert.True(_network.IsDisposed);
        Assert.Empty(_network.Timeouts);
    }

    [Fact]
    public void A_loop_run_by_hand_may_be_disposed_in_a_turn()
    {
        EngineLoop loop = Loop();
        loop.Post(loop.Dispose);
        loop.Turn(wait: true);
        loop.Turn(wait: true);

        Assert.True(_network.IsDisposed);
        Assert.Empty(_errors);
    }

    private EngineLoop Loop() => new(_network, TimeProvider.System, _errors.Enqueue);
}
