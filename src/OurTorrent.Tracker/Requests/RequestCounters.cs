namespace OurTorrent.Tracker.Requests;

/// <summary>
/// What one front, or one of its workers, has done, for one address family. Written by its owner alone, or with
/// <see cref="Interlocked"/> where it has several; read by anyone at any time.
/// </summary>
internal sealed class RequestCounters
{
    public long Connects;
    public long Announces;
    public long Scrapes;

    /// <summary>Requests answered with an error, which may be a connection id that does not hold.</summary>
    public long Refused;

    /// <summary>Requests that were not answered: blocked or ignored.</summary>
    public long Dropped;

    /// <summary>What was not a request at all.</summary>
    public long Malformed;

    public long BytesReceived;
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
