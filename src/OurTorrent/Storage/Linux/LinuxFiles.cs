using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OurTorrent.Storage.Linux;

/// <summary>
/// What Linux can do with files and .NET has no name for: open below a folder without following any link, in one call and
/// without a moment in which a link could be put in the way; write many buffers without a look at the file first; hand a
/// whole file system to the disk at once. Constants are those shared by all 64-bit machines Linux runs on.
/// </summary>
internal static unsafe partial class LinuxFiles
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int OtherFileSystem = 18;
    public const int NotADirectory = 20;
    public const int IsADirectory = 21;
    public const int FileTooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int LinkMet = 40;

    /// <summary>Opens a file that exists.</summary>
    public const int OpenExisting = ReadWrite | CloseOnExec;

    /// <summary>Makes a file where nothing is.</summary>
    public const int MakeNew = ReadWrite | Create | Exclusive | CloseOnExec;

    private const int ReadWrite = 0x2;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int PathOnly = 0x200000;
    private const int AtWorkingDirectory = -100;
    private const int OpenAt2 = 437;
    private const int Interrupted = 4;
    private const int NotSupported = 95;
    private const ulong StayOnFileSystem = 0x01;
    private const ulong FollowNoLinks = 0x04;
    private const ulong StayBeneath = 0x08;
    private const int UsualMode = 0x1b6; // 0666, of which the process's mask takes its part away.
    private const int MaxVectors = 64;

    /// <summary>Whether all of this works here: Linux 5.8 or later, and nobody forbids the calls (an old sandbox may).</summary>
    public static bool IsSupported { get; } = Probe();

    /// <summary>Opens a file below a folder. No link is followed below it; the folder itself may be, or lie behind, one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">The way from there to the file.</param>
    /// <param name="flags"><see cref="OpenExisting"/> or <see cref="MakeNew"/>.</param>
    /// <param name="error">The number of the error, when the answer is null.</param>
    /// <param name="isElsewhere">Whether it lies on another file system than the folder.</param>
    public static SafeFileHandle? OpenBeneath(string folder, string names, int flags, out int error, out bool isElsewhere)
    {
        isElsewhere = false;
        int root = Open(folder, PathOnly | CloseOnExec, 0);
        if (root < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        try
        {
            int descriptor = OpenAt(root, names, flags, FollowNoLinks | StayBeneath | StayOnFileSystem, out error);
            if (descriptor < 0 && error == OtherFileSystem)
            {
                isElsewhere = true;
                descriptor = OpenAt(root, names, flags, FollowNoLinks | StayBeneath, out error);
            }

            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
        finally
        {
            _ = Close(root);
        }
    }

    /// <summary>Writes buffers one behind the other.</summary>
    /// <exception cref="IOException">They cannot be written, or not all of them.</exception>
    public static void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset)
    {
        var handles = new Pins();
        Span<MemoryHandle> pins = handles;
        IOVector* vectors = stackalloc IOVector[MaxVectors];
        for (int first = 0; first < buffers.Count; first += MaxVectors)
        {
            int count = Math.Min(MaxVectors, buffers.Count - first);
            int pinned = 0;
            try
            {
                for (; pinned < count; pinned++)
                {
                    ReadOnlyMemory<byte> buffer = buffers[first + pinned];
                    pins[pinned] = buffer.Pin();
                    vectors[pinned] = new IOVector { Base = (byte*)pins[pinned].Pointer, Length = (nuint)buffer.Length };
                }

                offset = WriteAll(file, vectors, count, offset);
            }
            finally
            {
                foreach (MemoryHandle pin in pins[..pinned])
                    pin.Dispose();
            }
        }
    }

    /// <summary>Gives a file its length; what is added takes no room yet.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void SetLength(SafeFileHandle file, long length)
    {
        while (Truncate(file, length) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw ErrorOf(error);
        }
    }

    /// <summary>Reserves room for a file, and gives it that length. Does nothing on a file system that cannot.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public static void Reserve(SafeFileHandle file, long length)
    {
        while (Allocate(file, 0, 0, length) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == NotSupported)
                return;
            if (error != Interrupted)
                throw ErrorOf(error == FileTooLarge ? NoSpace : error);
        }
    }

    /// <summary>Hands everything written to the file system of a folder to the disk, by whomever it was written.</summary>
    /// <returns>False when the disk could not take something: whose it was is not told.</returns>
    public static bool TryFlushFileSystem(string folder)
    {
        int descriptor = Open(folder, CloseOnExec, 0);
        if (descriptor < 0)
            return false;
        bool done = FlushFileSystem(descriptor) == 0;
        _ = Close(descriptor);
        return done;
    }

    /// <summary>The kind of exception .NET itself would throw; who catches it names the file.</summary>
    public static Exception ErrorOf(int error)
    {
        string message = Marshal.GetPInvokeErrorMessage(error);
        return error switch
        {
            NotFound => new FileNotFoundException(message),
            AccessDenied or NotPermitted => new UnauthorizedAccessException(message),
            _ => new IOException(message, error),
        };
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || Environment.OSVersion.Version < new Version(5, 8))
            return false;
        int descriptor = OpenAt(AtWorkingDirectory, ".", PathOnly | CloseOnExec, FollowNoLinks | StayBeneath | StayOnFileSystem, out int error);
        if (descriptor >= 0)
            _ = Close(descriptor);
        return descriptor >= 0 || error == NotFound;
    }

    private static int OpenAt(int folder, string names, int flags, ulong resolve, out int error)
    {
        var how = new OpenHow { Flags = (ulong)flags, Mode = (flags & Create) != 0 ? UsualMode : 0UL, Resolve = resolve };
        while (true)
        {
            nint descriptor = Call(OpenAt2, folder, names, &how, (nuint)sizeof(OpenHow));
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error != Interrupted)
                return (int)descriptor;
        }
    }

    private static long WriteAll(SafeFileHandle file, IOVector* vectors, int count, long offset)
    {
        while (count > 0)
        {
            nint written = WriteVectors(file, vectors, count, offset);
            if (written < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error != Interrupted)
                    throw ErrorOf(error);
                continue;
            }

            if (written == 0)
                throw ErrorOf(NoSpace);
            offset += written;
            while (count > 0 && (nuint)written >= vectors->Length)
            {
                written -= (nint)vectors->Length;
                vectors++;
                count--;
            }

            if (count > 0)
            {
                // A disk that runs full takes a part; the next call says why.
                vectors->Base += written;
                vectors->Length -= (nuint)written;
            }
        }

        return offset;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Call(nint number, nint folder, string names, OpenHow* how, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "pwritev", SetLastError = true)]
    private static partial nint WriteVectors(SafeFileHandle file, IOVector* vectors, int count, long offset);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int FlushFileSystem(int descriptor);

    /// <summary><c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct IOVector
    {
        public byte* Base;
        public nuint Length;
    }

    [InlineArray(MaxVectors)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
