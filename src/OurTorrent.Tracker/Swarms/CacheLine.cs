using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OurTorrent.Tracker.Swarms;

/// <summary>Memory is far away: a line that is not in the cache costs as much as all other work for an announce. So it is asked for early.</summary>
internal static unsafe class CacheLine
{
    public const int Length = 64;

    /// <summary>Asks the processor to fetch a line; any address will do, also one that is not ours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Asks for several lines in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address, int lines)
    {
        for (int i = 0; i < lines; i++)
            Prefetch((byte*)address + (i * Length));
    }
}
