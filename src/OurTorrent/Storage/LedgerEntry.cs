using System.Buffers.Binary;

namespace OurTorrent.Storage;

/// <summary>What a <see cref="WriteLedger"/> says of one file.</summary>
/// <param name="Begun">When the latest of the writes under way began, in ticks (UTC); 0 when none is.</param>
/// <param name="Changed">The time of the file's last change as the system had it after a write of ours; 0 before the first.</param>
/// <param name="Mount">The mount the file was on.</param>
internal readonly record struct LedgerEntry(long Begun, long Changed, ulong Mount)
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 3 * sizeof(long);

    // Between the note that a write begins and the time the system gives it lie a few microseconds, unless another thread comes in
    // between. What somebody else changes within this time after a write in which we were killed cannot be told from that write. A
    // killed process takes longer to end: 1.7 ms and more were seen from the kill to the end of the wait for it.
    private const long Latest = TimeSpan.TicksPerMillisecond;

    // The clock by which most files are stamped stands still for up to a hundredth of a second.
    private const long Earliest = 20 * TimeSpan.TicksPerMillisecond;

    /// <summary>Where the entry of a file is, in bytes from the start.</summary>
    public static long OffsetOf(int file) => LedgerHeader.Length + ((long)file * Length);

    /// <summary>Reads an entry.</summary>
    public static LedgerEntry Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[(2 * sizeof(long))..]));

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Begun);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(long)..], Changed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(2 * sizeof(long))..], Mount);
    }

    /// <summary>Whether the last change of a file was one of ours.</summary>
    /// <param name="mark">What the system tells of it now.</param>
    public bool Explains(FileMark mark)
    {
        // Another mount may be another disk, or the same one after it lost what was not written yet. Where times are kept in whole
        // seconds, the same time proves nothing.
        if (Changed == 0 || mark.Mount != Mount || mark.Changed % TimeSpan.TicksPerSecond == 0)
            return false;

        return mark.Changed == Changed || (Begun != 0 && mark.Changed >= Begun - Earliest && mark.Changed <= Begun + Latest);
    }
}
