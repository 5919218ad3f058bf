using System.Runtime.InteropServices;

namespace OurTorrent.Creation;

/// <summary>Tells files from pipes, sockets and devices, which .NET does not.</summary>
internal static partial class SpecialFile
{
    private const int CurrentDirectory = -100;
    private const uint WantType = 1;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether the path leads to a file with content; true as well where that cannot be found out.</summary>
    public static bool IsRegular(string path) =>
        !OperatingSystem.IsLinux() || GetStatus(CurrentDirectory, path, 0, WantType, out FileStatus status) != 0
        || (status.Mode & TypeMask) == RegularFile;

    // statx rather than stat: its structure is the same on every processor.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetStatus(int directory, string path, int flags, uint mask, out FileStatus status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
