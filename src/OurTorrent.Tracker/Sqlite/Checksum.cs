using System.Numerics;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>CRC-32C of what is kept in one row: tells bytes that are not those that were once written, which SQLite itself does not look at.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(uint.MaxValue, bytes);

    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            checksum = BitOperations.Crc32C(checksum, value);
        return checksum;
    }
}
