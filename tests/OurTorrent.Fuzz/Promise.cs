using System.Diagnostics.CodeAnalysis;

namespace OurTorrent.Fuzz;

/// <summary>What must be so for every input. A broken promise is an exception, which is what fuzzers look for.</summary>
internal static class Promise
{
    /// <summary>Something is so.</summary>
    public static void That([DoesNotReturnIf(false)] bool isSo, string what)
    {
        if (!isSo)
            throw new BrokenPromiseException(what);
    }

    /// <summary>Two things are the same.</summary>
    public static void Same<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new BrokenPromiseException($"{what}: {actual} instead of {expected}");
    }

    /// <summary>Work allocates no more than it is entitled to.</summary>
    /// <param name="bytes">How much that is.</param>
    /// <param name="work">The work, which can be done again: a first time also pays for what the runtime makes ready.</param>
    public static T Allocates<T>(long bytes, Func<T> work)
    {
        T result = default!;
        long least = Allocation.Least(() => result = work(), enough: bytes);
        That(least <= bytes, $"{least} bytes allocated, {bytes} allowed");
        return result;
    }
}
