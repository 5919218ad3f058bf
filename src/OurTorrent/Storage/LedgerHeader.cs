using System.Text;

namespace OurTorrent.Storage;

/// <summary>The beginning of a <see cref="WriteLedger"/>'s file.</summary>
/// <param name="Run">What ties it to a resume file.</param>
/// <param name="Boot">The id of the time between two starts of the machine in which it was written.</param>
internal sealed record LedgerHeader(Guid Run, string Boot)
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 96;

    private const int RunAt = 16;
    private const int BootAt = 32;
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    private static ReadOnlySpan<byte> Magic => "OurTorrentLedg01"u8;

    /// <summary>The id of the time since this machine started, or null where the system has none.</summary>
    public static string? ThisBoot { get; } = ReadBoot();

    /// <summary>The bytes of the header.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        Run.TryWriteBytes(bytes.AsSpan(RunAt));
        Encoding.ASCII.TryGetBytes(Boot, bytes.AsSpan(BootAt), out _);
        return bytes;
    }

    private static string? ReadBoot()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(BootFile).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
