using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Requests;

/// <summary>
/// What one front, or one of its workers, has done, for one address family. Written by its owner alone, or with
/// <see cref="Interlocked"/> where it has several; read by anyone at any time.
/// </summary>
/// <remarks>A cache line of room on both sides keeps workers that count side by side out of each other's way.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal sealed class RequestCounters
{
    [FieldOffset(64)]
    public long Connects;

    [FieldOffset(72)]
    public long Announces;

    [FieldOffset(80)]
    public long Scrapes;

    /// <summary>Requests answered with an error, which may be a connection id that does not hold.</summary>
    [FieldOffset(88)]
    public long Refused;

    /// <summary>Requests that were not answered: blocked or ignored.</summary>
    [FieldOffset(96)]
    public long Dropped;

    /// <summary>What was not a request at all.</summary>
    [FieldOffset(104)]
    public long Malformed;

    [FieldOffset(112)]
    public long BytesReceived;

    [FieldOffset(120)]
    public long BytesSent;

    /// <summary>The counts of now.</summary>
    public RequestCounts Read() => new(
        Volatile.Read(ref Connects),
        Volatile.Read(ref Announces),
        Volatile.Read(ref Scrapes),
        Volatile.Read(ref Refused),
        Volatile.Read(ref Dropped),
        Volatile.Read(ref Malformed),
        Volatile.Read(ref BytesReceived),
        Volatile.Read(ref BytesSent));
}
