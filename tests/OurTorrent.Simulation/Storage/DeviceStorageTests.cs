using OurTorrent.Loop;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Sessions;
using OurTorrent.Storage;

namespace OurTorrent.Simulation.Storage;

public sealed class DeviceStorageTests : IDisposable
{
    private const int Length = 1_000_000;

    private readonly Simulator _simulator = new(1);
    private readonly VirtualDevice _device;
    private readonly DeviceStorage _storage;
    private readonly byte[] _bytes = new byte[Length];

    public DeviceStorageTests()
    {
        TorrentMetainfo metainfo = new MetainfoBuilder
        {
            Name = "content",
            PieceLength = 1 << 20,
            Files = [new MetainfoFile([], Length)],
            PieceHashes = new byte[20],
        }.Build();
        _device = new VirtualDevice(_simulator.Time, new Random(7));
        _storage = new DeviceStorage(_device, metainfo, () => new MemoryStorage(metainfo));
        new Random(1).NextBytes(_bytes);
    }

    public void Dispose() => _simulator.Dispose();

    [Fact]
    public void Two_jobs_share_the_bandwidth_of_the_disk_and_each_waits_for_its_bytes()
    {
        EngineLoop loop = _simulator.CreateLoop(_simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));
        using VirtualDiskScheduler disk = _simulator.CreateDisk(workers: 2);
        disk.Device = _device;
        disk.Cost = static _ => TimeSpan.Zero;
        _device.Rate = Length;
        _device.Latency = TimeSpan.FromMilliseconds(100);
        _storage.Prepare(0);
        var ended = new List<double>();
        for (int lane = 0; lane < 2; lane++)
            disk.Submit(new Job(loop, () => _storage.Write(0, 0, [_bytes]), () => ended.Add(_simulator.Time.Now.TotalSeconds)), lane);
        _simulator.RunFor(TimeSpan.FromMinutes(1));

        Assert.Equal([1.1, 2.2], ended);
    }

    [Fact]
    public void A_disk_holds_so_much_and_what_is_written_again_takes_no_more()
    {
        _device.Capacity = 128 * 1024;
        _storage.Prepare(0);
        _storage.Write(0, 0, [_bytes.AsMemory(0, 100_000)]);
        _storage.Write(0, 50_000, [_bytes.AsMemory(50_000, 50_000)]);
        Assert.Equal(25 * 4096, _device.Used);
        Assert.Equal(StorageFailure.DiskFull, Fails(() => _storage.Write(0, 500_000, [_bytes.AsMemory(0, 40_000)])));

        _device.Capacity = Length;
        _storage.Write(0, 500_000, [_bytes.AsMemory(0, 40_000)]);
        _storage.Vanish();
        Assert.Equal(0, _device.Used);
    }

    [Fact]
    public void So_many_reads_and_writes_fail_as_it_is_told_and_leave_the_bytes_as_they_were()
    {
        _storage.Prepare(0);
        _device.WriteFailures = 0.25;
        int failed = 0;
        for (int i = 0; i < 1000; i++)
            failed += Record.Exception(() => _storage.Write(0, i, [_bytes.AsMemory(i, 1)])) is StorageException ? 1 : 0;
        Assert.InRange(failed, 200, 300);
        Assert.Equal(failed, _device.Failed);

        var back = new byte[1000];
        Assert.Equal(1000, _storage.Read(0, 0, back));
        Assert.InRange(back.Count(value => value == 0), failed, failed + 20);

        _device.ReadFailures = 1;
        Assert.Equal(StorageFailure.ReadFailed, Fails(() => _storage.Read(0, 0, back)));
    }

    [Fact]
    public void What_has_vanished_is_not_there_until_it_is_made_again()
    {
        _storage.Prepare(0);
        _storage.Write(0, 0, [_bytes]);
        Assert.Equal(Length, _storage.GetStamp(0)!.Value.Length);

        _storage.Vanish();
        Assert.Null(_storage.GetStamp(0));
        Assert.Equal(0, _storage.Read(0, 0, new byte[10]));
        Assert.Equal(StorageFailure.NotFound, Fails(() => _storage.Write(0, 0, [_bytes])));

        _storage.Prepare(0);
        _storage.Write(0, 0, [_bytes]);
        var back = new byte[Length];
        Assert.Equal(Length, _storage.Read(0, 0, back));
        Assert.Equal(_bytes, back);
    }

    private static StorageFailure Fails(Action action) => Assert.Throws<StorageException>(action).Kind;

    private sealed class Job(EngineLoop loop, Action work, Action done) : DiskJob(loop)
    {
        public override void Execute() => work();

        public override void Run() => done();
    }
}
