namespace OurTorrent.Tests.Shared;

/// <summary>What a piece of code allocates on the thread that runs it.</summary>
internal static class Allocation
{
    private const int Rounds = 8;

    /// <summary>
    /// Runs <paramref name="round"/> several times and gives the fewest bytes that one of them allocated. What the code itself
    /// allocates is in every round; what the runtime adds is not: a shared pool that a collection has trimmed is filled again,
    /// a type or a method is made ready at its first use, and a collection that another test begins in the middle of a round
    /// rounds the count up.
    /// </summary>
    /// <param name="round">The code.</param>
    /// <param name="enough">A round that allocates no more than this is the last.</param>
    public static long Least(Action round, long enough = 0)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds && least > enough; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
