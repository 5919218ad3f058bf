using OurTorrent.Storage;

namespace OurTorrent.Simulation.Storage;

/// <summary>Disk threads that do their jobs at virtual times.</summary>
internal sealed class VirtualDiskScheduler : IDiskScheduler
{
    private readonly VirtualTime _time;
    private readonly SimulationTrace _trace;
    private readonly Queue<DiskJob>[] _queues;
    private readonly bool[] _busy;
    private long _done;
    private bool _disposed;

    public VirtualDiskScheduler(VirtualTime time, SimulationTrace trace, int workers)
    {
        _time = time;
        _trace = trace;
        _queues = [.. Enumerable.Range(0, workers).Select(_ => new Queue<DiskJob>())];
        _busy = new bool[workers];
    }

    public int Workers => _queues.Length;

    /// <summary>The disk the jobs work on, whose time is theirs too; or null.</summary>
    public VirtualDevice? Device { get; set; }

    /// <summary>How long a job takes, beside what the disk takes for it.</summary>
    public Func<DiskJob, TimeSpan> Cost { get; set; } = static _ => TimeSpan.FromMilliseconds(1);

    /// <summary>Whether the disk hangs: jobs begun come to their end, no other is begun.</summary>
    public bool IsStalled
    {
        get;
        set
        {
            field = value;
            for (int worker = 0; worker < Workers; worker++)
                Begin(worker);
        }
    }

    /// <summary>How many jobs are handed over and not done.</summary>
    public int Pending { get; private set; }

    public void Submit(DiskJob job, int lane)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int worker = (int)((uint)lane % (uint)Workers);
        _queues[worker].Enqueue(job);
        Pending++;
        Begin(worker);
    }

    /// <summary>Does at once what was handed over.</summary>
    public void Dispose()
    {
        _disposed = true;
        for (int worker = 0; worker < Workers; worker++)
        {
            while (_queues[worker].Count > 0)
            {
                DiskJob job = Execute(worker);
                Pending--;
                job.Loop.Post(job);
            }
        }
    }

    private void Begin(int worker)
    {
        if (_disposed || _busy[worker] || IsStalled || !_queues[worker].TryPeek(out DiskJob? job))
            return;
        _busy[worker] = true;
        _time.After(Cost(job), () =>
        {
            if (_disposed)
                return;
            DiskJob done = Execute(worker);
            if (Device is { } device && device.Free > _time.Now)
                _time.At(device.Free, () => End(worker, done));
            else
                End(worker, done);
        });
    }

    private void End(int worker, DiskJob job)
    {
        _busy[worker] = false;
        Pending--;
        job.Loop.Post(job);
        Begin(worker);
    }

    // What is on the disk afterwards is there at once; nobody hears of it before the time is over.
    private DiskJob Execute(int worker)
    {
        DiskJob job = _queues[worker].Dequeue();
        _trace.Add("disk", worker, job.GetType().Name, ++_done);
        job.Execute();
        return job;
    }
}
