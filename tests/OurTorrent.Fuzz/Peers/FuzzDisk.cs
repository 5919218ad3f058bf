using OurTorrent.Storage;

namespace OurTorrent.Fuzz.Peers;

/// <summary>A disk whose jobs are done when the script says so, lane by lane in order.</summary>
internal sealed class FuzzDisk : IDiskScheduler
{
    private readonly SortedDictionary<int, Queue<DiskJob>> _lanes = [];

    public int Workers => 2;

    public void Submit(DiskJob job, int lane)
    {
        if (!_lanes.TryGetValue(lane, out Queue<DiskJob>? queue))
            _lanes.Add(lane, queue = new Queue<DiskJob>());
        queue.Enqueue(job);
    }

    /// <summary>Does one job.</summary>
    /// <param name="choice">Which of the lanes that have one.</param>
    /// <returns>Whether there was one.</returns>
    public bool RunOne(int choice = 0)
    {
        int ready = _lanes.Values.Count(lane => lane.Count > 0);
        if (ready == 0)
            return false;

        DiskJob job = _lanes.Values.Where(lane => lane.Count > 0).ElementAt(choice % ready).Dequeue();
        job.Execute();
        job.Loop.Post(job);
        return true;
    }

    public void Dispose() => _lanes.Clear();
}
