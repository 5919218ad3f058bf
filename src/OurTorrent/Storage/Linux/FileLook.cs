using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OurTorrent.Storage.Linux;

/// <summary>
/// One look at a file that tells more than .NET does: the time of its last change, and by which mount it is reached. Linux only.
/// </summary>
/// <param name="Stamp">What tells one version of the file from another.</param>
/// <param name="IsFile">Whether it is an ordinary file.</param>
internal readonly unsafe partial record struct FileLook(FileStamp Stamp, bool IsFile)
{
    // Of <linux/stat.h>; unlike struct stat the same on every processor.
    private const int StructLength = 256;
    private const int LinksAt = 16;
    private const int OwnerAt = 20;
    private const int GroupAt = 24;
    private const int ModeAt = 28;
    private const int SizeAt = 40;
    private const int ChangedAt = 96;
    private const int ModifiedAt = 112;
    private const int MountAt = 144;
    private const uint BasicMask = 0x7ff;
    private const uint MountMask = 0x1000;
    private const uint UniqueMountMask = 0x4000;
    private const uint AnyMountMask = MountMask | UniqueMountMask;

    // An odd number of random bits: the golden ratio.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int TypeMask = 0xf000;
    private const int OrdinaryFile = 0x8000;

    private static volatile bool _isUnsupported = !OperatingSystem.IsLinux();

    /// <summary>Whether there is nothing at the path, or a link to nothing.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>Looks at a path, through links.</summary>
    /// <returns>False when there is nothing, or the system cannot tell.</returns>
    public static bool TryTake(string path, out FileLook look) => TryTake(CurrentDirectory, path, flags: 0, out look);

    /// <summary>Looks at an open file.</summary>
    /// <returns>False when the system cannot tell.</returns>
    public static bool TryTake(SafeFileHandle handle, out FileLook look) =>
        TryTake((int)handle.DangerousGetHandle(), "", EmptyPath, out look);

    private static bool TryTake(int descriptor, string path, int flags, out FileLook look)
    {
        look = default;
        if (_isUnsupported)
            return false;

        byte* buffer = stackalloc byte[StructLength];
        try
        {
            if (Statx(descriptor, path, flags, BasicMask | AnyMountMask, buffer) != 0)
            {
                look = new FileLook { IsMissing = Marshal.GetLastPInvokeError() == LinuxFiles.NotFound };
                return false;
            }
        }
        catch (EntryPointNotFoundException)
        {
            _isUnsupported = true;
            return false;
        }

        var fields = new ReadOnlySpan<byte>(buffer, StructLength);
        uint known = MemoryMarshal.Read<uint>(fields);
        ushort mode = MemoryMarshal.Read<ushort>(fields[ModeAt..]);
        ulong owner = ((ulong)MemoryMarshal.Read<uint>(fields[OwnerAt..]) << 32) | MemoryMarshal.Read<uint>(fields[GroupAt..]);
        ulong links = ((ulong)MemoryMarshal.Read<uint>(fields[LinksAt..]) << 16) | mode;
        look = new FileLook(
            new FileStamp(MemoryMarshal.Read<long>(fields[SizeAt..]), new DateTimeOffset(TimeAt(fields, ModifiedAt), TimeSpan.Zero))
            {
                Mark = new FileMark(
                    TimeAt(fields, ChangedAt),
                    (owner * Spread) ^ links,
                    (known & AnyMountMask) == 0 ? 0 : MemoryMarshal.Read<ulong>(fields[MountAt..])),
            },
            (mode & TypeMask) == OrdinaryFile);
        return true;
    }

    private static long TimeAt(ReadOnlySpan<byte> fields, int offset)
    {
        long seconds = MemoryMarshal.Read<long>(fields[offset..]);
        uint nanoseconds = MemoryMarshal.Read<uint>(fields[(offset + sizeof(long))..]);
        long latest = (DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerSecond;
        long earliest = -DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerSecond;
        return DateTimeOffset.UnixEpoch.UtcTicks
            + (Math.Clamp(seconds, earliest, latest - 1) * TimeSpan.TicksPerSecond)
            + (nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* result);
}
