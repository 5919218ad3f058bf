using OurTorrent.Loop;

namespace OurTorrent.Storage;

/// <summary>Runs work that may wait for a disk or costs much computing, away from the engine loop.</summary>
internal interface IDiskScheduler : IDisposable
{
    /// <summary>How many jobs can run at once.</summary>
    int Workers { get; }

    /// <summary>Hands over a job. Jobs of one lane run one after the other, in the order they were handed over.</summary>
    /// <param name="job">The job; its <see cref="ILoopWork.Run"/> is called on its loop once it is done.</param>
    /// <param name="lane">Any number; jobs of different lanes may run at once.</param>
    void Submit(DiskJob job, int lane);
}

/// <summary>Work for an <see cref="IDiskScheduler"/>, and what is done with its outcome back on the loop.</summary>
internal abstract class DiskJob(EngineLoop loop) : ILoopWork
{
    /// <summary>The loop the outcome belongs to.</summary>
    public EngineLoop Loop { get; } = loop;

    /// <summary>Does the work, on a disk thread. Keeps its failure for <see cref="Run"/>; never throws.</summary>
    public abstract void Execute();

    /// <summary>Uses the outcome, on the loop.</summary>
    public abstract void Run();
}
