namespace OurTorrent.Storage;

/// <summary>
/// A fixed number of threads for disk work and hashing. A lane always falls to the same thread, so its jobs keep their
/// order. A job costs no allocation, and no more than one lock for all that arrive while its thread is busy.
/// </summary>
internal sealed class DiskWorkers : IDiskScheduler
{
    private readonly Worker[] _workers;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many; 0 for one for each processor, but at least 2 and at most 8.</param>
    public DiskWorkers(int count = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
            count = Math.Clamp(Environment.ProcessorCount, 2, 8);
        _workers = new Worker[count];
        for (int i = 0; i < count; i++)
            _workers[i] = new Worker(i);
    }

    /// <inheritdoc/>
    public int Workers => _workers.Length;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The threads have been told to end.</exception>
    public void Submit(DiskJob job, int lane) => _workers[(uint)lane % (uint)_workers.Length].Submit(job);

    /// <summary>Ends the threads once all jobs handed over so far are done, and waits for that.</summary>
    public void Dispose()
    {
        foreach (Worker worker in _workers)
            worker.Stop();
        foreach (Worker worker in _workers)
            worker.Join();
    }

    private sealed class Worker
    {
        private readonly object _gate = new();
        private readonly Thread _thread;
        private Queue<DiskJob> _arriving = new();
        private Queue<DiskJob> _taken = new();
        private bool _stopping;

        public Worker(int index)
        {
            _thread = new Thread(Work) { IsBackground = true, Name = $"OurTorrent disk {index}" };
            _thread.Start();
        }

        public void Submit(DiskJob job)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_stopping, typeof(DiskWorkers));
                _arriving.Enqueue(job);
                if (_arriving.Count == 1)
                    Monitor.Pulse(_gate);
            }
        }

        public void Stop()
        {
            lock (_gate)
            {
                _stopping = true;
                Monitor.Pulse(_gate);
            }
        }

        public void Join() => _thread.Join();

        private void Work()
        {
            while (TakeAll())
            {
                while (_taken.TryDequeue(out DiskJob? job))
                {
                    job.Execute();
                    job.Loop.Post(job);
                }
            }
        }

        private bool TakeAll()
        {
            lock (_gate)
            {
                while (_arriving.Count == 0 && !_stopping)
                    Monitor.Wait(_gate);
                (_arriving, _taken) = (_taken, _arriving);
                return _taken.Count > 0;
            }
        }
    }
}
