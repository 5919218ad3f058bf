using OurTorrent.Loop;
using OurTorrent.Simulation.Network;
using OurTorrent.Storage;

namespace OurTorrent.Simulation.Storage;

public sealed class VirtualDiskTests : IDisposable
{
    private readonly Simulator _simulator = new(1);
    private readonly EngineLoop _loop;
    private readonly List<string> _happened = [];

    public VirtualDiskTests() => _loop = _simulator.CreateLoop(_simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));

    public void Dispose() => _simulator.Dispose();

    [Fact]
    public void Jobs_of_one_lane_follow_each_other_and_lanes_run_side_by_side()
    {
        using VirtualDiskScheduler disk = _simulator.CreateDisk(workers: 2);
        disk.Cost = static _ => TimeSpan.FromMilliseconds(10);
        disk.Submit(new Job(_loop, this, "a"), 0);
        disk.Submit(new Job(_loop, this, "b"), 0);
        disk.Submit(new Job(_loop, this, "c"), 1);
        disk.Submit(new Job(_loop, this, "d"), -1);
        Assert.Equal(4, disk.Pending);
        _simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(["do a 10", "do c 10", "done a 10", "done c 10", "do b 20", "do d 20", "done b 20", "done d 20"], _happened);
        Assert.Equal(0, disk.Pending);
    }

    [Fact]
    public void A_disk_that_hangs_does_nothing_until_it_goes_on()
    {
        using VirtualDiskScheduler disk = _simulator.CreateDisk();
        disk.IsStalled = true;
        disk.Submit(new Job(_loop, this, "a"), 0);
        _simulator.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(_happened);

        disk.IsStalled = false;
        _simulator.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["do a 1001", "done a 1001"], _happened);
    }

    [Fact]
    public void Its_end_does_what_was_handed_over_and_takes_no_more()
    {
        VirtualDiskScheduler disk = _simulator.CreateDisk();
        disk.Submit(new Job(_loop, this, "a"), 0);
        disk.Submit(new Job(_loop, this, "b"), 0);
        disk.Dispose();
        _simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(["do a 0", "do b 0", "done a 0", "done b 0"], _happened);
        Assert.Throws<ObjectDisposedException>(() => disk.Submit(new Job(_loop, this, "c"), 0));
    }

    private sealed class Job(EngineLoop loop, VirtualDiskTests tests, string name) : DiskJob(loop)
    {
        public override void Execute() => Note("do");

        public override void Run() => Note("done");

        private void Note(string what) =>
            tests._happened.Add(FormattableString.Invariant($"{what} {name} {tests._simulator.Time.Now.TotalMilliseconds}"));
    }
}
