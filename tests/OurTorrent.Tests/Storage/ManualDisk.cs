using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

/// <summary>Runs jobs when told to, in any order that keeps each lane's.</summary>
internal sealed class ManualDisk : IDiskScheduler
{
    private readonly SortedDictionary<int, Queue<DiskJob>> _lanes = [];

    public int Workers => 2;

    public int Pending => _lanes.Values.Sum(lane => lane.Count);

    public void Submit(DiskJob job, int lane)
    {
        if (!_lanes.TryGetValue(lane, out Queue<DiskJob>? queue))
            _lanes.Add(lane, queue = new Queue<DiskJob>());
        queue.Enqueue(job);
    }

    /// <summary>Runs the first job of some lane and posts its outcome.</summary>
    /// <param name="random">Chooses the lane; without it, the first one.</param>
    public bool RunOne(Random? random = null)
    {
        Queue<DiskJob>[] ready = [.. _lanes.Values.Where(lane => lane.Count > 0)];
        if (ready.Length == 0)
            return false;
        DiskJob job = ready[random?.Next(ready.Length) ?? 0].Dequeue();
        job.Execute();
        job.Loop.Post(job);
        return true;
    }

    public void Dispose() => _lanes.Clear();
}
