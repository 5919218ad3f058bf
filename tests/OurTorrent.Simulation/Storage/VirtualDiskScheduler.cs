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

    /// <summary>How long a job takes.</summary>
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
                Finish(worker);
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
            _busy[worker] = false;
            Finish(worker);
            Begin(worker);
        });
    }

    private void Finish(int worker)
    {
        DiskJob job = _queues[worker].Dequeue();
        Pending--;
        _trace.Add("disk", worker, job.GetType().Name, ++_done);
        job.Execute();
        job.Loop.Post(job);
    }
}
