using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using OurTorrent.Storage.Linux;

namespace OurTorrent.Storage;

/// <summary>
/// Says of each file when it last changed by our own hand, in a file that outlives the process: noted before a write begins and
/// after it has ended. When the process is killed, what the system then has for the time of the file's last change tells whether
/// anybody else has touched it since. Used by several threads at once; never throws, since without it content is only hashed again.
/// </summary>
/// <remarks>
/// It goes to the page cache and no further: it is worth something only as long as the machine has not been restarted, which its
/// header tells. It is not mapped into memory, because a full disk would then end the process (SIGBUS). A note costs about a
/// microsecond, two of them a write of 256 KiB.
/// </remarks>
/// <param name="path">Where it is kept; opened with the first write.</param>
/// <param name="run">What ties it to a resume file.</param>
/// <param name="fileCount">How many files the torrent has.</param>
/// <param name="time">The clock on the wall, by which the system stamps files.</param>
internal sealed class WriteLedger(string path, Guid run, int fileCount, TimeProvider time) : IDisposable
{
    // A note that took so long, because the disk was busy or another thread came in between, no longer says when the write begins.
    private const long SlowNote = TimeSpan.TicksPerMillisecond / 4;
    private const int MaxTries = 4;

    private readonly Lock _lock = new();
    private readonly int[] _open = new int[fileCount];
    private readonly long[] _begun = new long[fileCount];
    private SafeFileHandle? _file;
    private bool _isBroken;

    /// <summary>What ties it to a resume file.</summary>
    public Guid Run { get; } = run;

    /// <summary>Reads what an earlier process has left.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">What the resume file says it is tied to.</param>
    /// <param name="fileCount">How many files the torrent has.</param>
    /// <returns>Null when there is nothing, it belongs to another resume file, or the machine was restarted since.</returns>
    public static LedgerEntry[]? TryRead(string path, Guid run, int fileCount)
    {
        if (run == Guid.Empty || LedgerHeader.ThisBoot is not { } boot || !File.Exists(path))
            return null;

        var bytes = new byte[LedgerEntry.OffsetOf(fileCount)];
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.Read(file, bytes, fileOffset: 0) < bytes.Length)
                return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (!bytes.AsSpan().StartsWith(new LedgerHeader(run, boot).ToBytes()))
            return null;

        var entries = new LedgerEntry[fileCount];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = LedgerEntry.Read(bytes.AsSpan((int)LedgerEntry.OffsetOf(i)));
        return entries;
    }

    /// <summary>A write, or anything else that changes a file, is about to begin.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="handle">The file.</param>
    public void Begin(int file, SafeFileHandle handle)
    {
        lock (_lock)
        {
            // While another write is under way, the time it has left on the file would be known to nobody: noted now.
            FileLook look = default;
            bool hasLooked = _open[file]++ > 0 && FileLook.TryTake(handle, out look);
            int tries = 0;
            do
            {
                _begun[file] = time.GetUtcNow().UtcTicks;
                if (hasLooked)
                    Note(file, look.Stamp.Mark);
                else
                    NoteBegun(file);
            }
            while (time.GetUtcNow().UtcTicks - _begun[file] > SlowNote && ++tries < MaxTries);
        }
    }

    /// <summary>The write has ended, well or not.</summary>
    /// <param name="file">The index of the file.</param>
    /// <param name="handle">The file.</param>
    public void End(int file, SafeFileHandle handle)
    {
        lock (_lock)
        {
            // Those still under way may have waited for this one, and leave their time on the file only now.
            _begun[file] = --_open[file] == 0 ? 0 : time.GetUtcNow().UtcTicks;
            if (FileLook.TryTake(handle, out FileLook look))
                Note(file, look.Stamp.Mark);
        }
    }

    /// <summary>Ends it for good: it vouches for nothing any more.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            _isBroken = true;
            _file?.Dispose();
            _file = null;
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What is left there is not named by any resume file to come.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isBroken = true;
            _file?.Dispose();
            _file = null;
        }
    }

    private void NoteBegun(int file)
    {
        Span<byte> begun = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(begun, _begun[file]);
        Write(begun, LedgerEntry.OffsetOf(file));
    }

    private void Note(int file, FileMark mark)
    {
        Span<byte> bytes = stackalloc byte[LedgerEntry.Length];
        new LedgerEntry(_begun[file], mark.Changed, mark.Mount).Write(bytes);
        Write(bytes, LedgerEntry.OffsetOf(file));
    }

    private void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_isBroken)
            return;

        try
        {
            _file ??= Open();
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // From here on the files change without a note, which is as good as none: they will be hashed.
            _isBroken = true;
            _file?.Dispose();
            _file = null;
        }
    }

    private SafeFileHandle Open()
    {
        byte[] header = new LedgerHeader(Run, LedgerHeader.ThisBoot ?? "").ToBytes();
        bool goesOn = TryRead(path, Run, fileCount) is not null;
        SafeFileHandle file = File.OpenHandle(
            path, goesOn ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (!goesOn)
        {
            // Whole, so that the disk has room for every note to come.
            RandomAccess.Write(file, new byte[LedgerEntry.OffsetOf(fileCount)], 0);
            RandomAccess.Write(file, header, 0);
        }

        return file;
    }
}
