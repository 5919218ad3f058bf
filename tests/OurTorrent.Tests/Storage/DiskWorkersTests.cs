using OurTorrent.Loop;
using OurTorrent.Storage;
using OurTorrent.Tests.Loop;

namespace OurTorrent.Tests.Storage;

public sealed class DiskWorkersTests
{
    [Fact]
    public void Jobs_of_a_lane_keep_their_order_and_every_outcome_reaches_the_loop()
    {
        using var loop = new EngineLoop(new IdleNetwork { WhenPolled = _ => { } }, TimeProvider.System, _ => { });
        var executed = new List<int>[5];
        var finished = new List<int>();
        using (var workers = new DiskWorkers(3))
        {
            for (int lane = 0; lane < 5; lane++)
                executed[lane] = [];
            for (int i = 0; i < 5000; i++)
                workers.Submit(new Job(loop, executed[i % 5], finished, i), i % 5);
        }

        while (loop.HasPosted)
            loop.Turn(wait: false);
        for (int lane = 0; lane < 5; lane++)
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => (i * 5) + lane), executed[lane]);
        Assert.Equal(Enumerable.Range(0, 5000), finished.Order());
    }

    [Fact]
    public void Lanes_run_at_once()
    {
        using var loop = new EngineLoop(new IdleNetwork { WhenPolled = _ => { } }, TimeProvider.System, _ => { });
        using var workers = new DiskWorkers(2);
        using var both = new Barrier(2);
        using var met = new CountdownEvent(2);
        for (int lane = 0; lane < 2; lane++)
            workers.Submit(new MeetingJob(loop, both, met), lane);
        Assert.True(met.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_job_for_threads_that_have_ended_is_refused()
    {
        using var loop = new EngineLoop(new IdleNetwork { WhenPolled = _ => { } }, TimeProvider.System, _ => { });
        var workers = new DiskWorkers(1);
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(() => workers.Submit(new Job(loop, [], [], 0), lane: 0));
    }

    private sealed class Job(EngineLoop loop, List<int> executed, List<int> finished, int number) : DiskJob(loop)
    {
        public override void Execute() => executed.Add(number);

        public override void Run() => finished.Add(number);
    }

    private sealed class MeetingJob(EngineLoop loop, Barrier both, CountdownEvent met) : DiskJob(loop)
    {
        public override void Execute()
        {
            if (both.SignalAndWait(TimeSpan.FromSeconds(30)))
                met.Signal();
        }

        public override void Run()
        {
        }
    }
}
