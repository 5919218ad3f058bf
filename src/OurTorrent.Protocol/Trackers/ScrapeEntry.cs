namespace OurTorrent.Protocol.Trackers;

/// <summary>What a tracker knows of one swarm (BEP 15, BEP 48).</summary>
/// <param name="Seeders">How many peers have the whole content.</param>
/// <param name="Completed">How many downloads have ever been completed.</param>
/// <param name="Leechers">How many peers have not the whole content.</param>
/// <param name="Downloaders">How many of the leechers still download (BEP 21, HTTP only), or null when the tracker does not say.</param>
public readonly record struct ScrapeEntry(int Seeders, int Completed, int Leechers, int? Downloaders = null)
{
    /// <summary>The length of an entry in a UDP answer, in bytes.</summary>
    public const int WireLength = 12;

    internal static ScrapeEntry Read(ReadOnlySpan<byte> bytes) => new(
        TrackerNumber.Count(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        TrackerNumber.Count(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])),
        TrackerNumber.Count(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..])));

    /// <summary>Writes the entry as in a UDP answer.</summary>
    /// <param name="destination">At least <see cref="WireLength"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, Seeders);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], Completed);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], Leechers);
    }
}
