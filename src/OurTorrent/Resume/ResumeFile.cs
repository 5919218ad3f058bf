using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Resume;

/// <summary>
/// The resume file of one torrent in one directory, and beside it the journal of pieces verified since. Members wait for the
/// disk, and may be called from several threads.
/// </summary>
/// <remarks>
/// The state is written beside the file, handed to the disk and renamed over it: whatever happens in between, the old state or the
/// new one is there, whole. That costs two waits for the disk, and those for the content before it, so it is done every few seconds.
/// What is verified meanwhile goes to the journal, a few bytes for each piece without any wait, so that the end of the process
/// (not of the machine) loses no piece. The journal may be torn, stale or ahead of the content after a loss of power; that does no
/// harm, since its pieces are hashed before they are believed.
/// </remarks>
internal sealed class ResumeFile
{
    private const int JournalEntryLength = 4;
    private readonly Lock _lock = new();
    private readonly ResumeKey _key;
    private readonly string _journal;

    /// <summary>Names the file; nothing is read or written yet.</summary>
    /// <param name="stateDirectory">The directory of all resume files; made when something is saved.</param>
    /// <param name="key">The torrent and the directory of its content.</param>
    public ResumeFile(string stateDirectory, ResumeKey key)
    {
        _key = key;
        FilePath = Path.Combine(Path.GetFullPath(stateDirectory), key.FileName + ".resume");
        _journal = Path.ChangeExtension(FilePath, ".journal");
    }

    /// <summary>The absolute path of the file.</summary>
    public string FilePath { get; }

    /// <summary>Reads what was saved. Never throws.</summary>
    public ResumeLoad Load()
    {
        lock (_lock)
        {
            try
            {
                byte[] file = ReadUpTo(FilePath, ResumeFormat.MaxLength);
                ResumeStatus status = ResumeFormat.Read(file, _key, out ResumeState? state);
                return new ResumeLoad(status, state, status == ResumeStatus.Ok ? ReadJournal() : []);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return new ResumeLoad(ResumeStatus.Missing, null, []);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new ResumeLoad(ResumeStatus.Unreadable, null, [], e.Message);
            }
        }
    }

    /// <summary>Puts a state in the place of the one before, and takes what it holds out of the journal.</summary>
    /// <param name="state">The state, of the torrent and directory this file is for.</param>
    /// <exception cref="IOException">It cannot be written; the state before is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the state before is still there.</exception>
    public void Save(ResumeState state)
    {
        byte[] bytes = ResumeFormat.Write(state);
        lock (_lock)
        {
            MakeDirectory(Path.GetDirectoryName(FilePath)!);
            Replace(FilePath, bytes);
            TrimJournal(state.Verified);
        }
    }

    /// <summary>Notes pieces that have been written and whose hash was right, until the next <see cref="Save"/>.</summary>
    /// <param name="pieces">The indices of the pieces.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Note(params ReadOnlySpan<int> pieces)
    {
        if (pieces.IsEmpty)
            return;

        byte[] entries = ToEntries(pieces);
        lock (_lock)
        {
            MakeDirectory(Path.GetDirectoryName(FilePath)!);
            using var stream = new FileStream(_journal, OptionsFor(FileMode.OpenOrCreate));

            // Over an entry that a full disk has cut short.
            stream.Position = stream.Length / JournalEntryLength * JournalEntryLength;
            stream.Write(entries);
        }
    }

    /// <summary>Forgets the torrent.</summary>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be deleted.</exception>
    public void Delete()
    {
        lock (_lock)
        {
            if (!Directory.Exists(Path.GetDirectoryName(FilePath)))
                return;

            File.Delete(FilePath);
            File.Delete(Beside(FilePath));
            File.Delete(_journal);
            File.Delete(Beside(_journal));
        }
    }

    private static string Beside(string path) => path + ".new";

    private static void Replace(string path, byte[] bytes)
    {
        string beside = Beside(path);
        using (var stream = new FileStream(beside, OptionsFor(FileMode.Create)))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private static FileStreamOptions OptionsFor(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Who shares what with whom is nobody else's business on a shared machine.</summary>
    private static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static byte[] ReadUpTo(string path, long limit)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] bytes = new byte[Math.Min(stream.Length, limit)];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..read];
    }

    private static byte[] ToEntries(ReadOnlySpan<int> pieces)
    {
        byte[] entries = new byte[pieces.Length * JournalEntryLength];
        for (int i = 0; i < pieces.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(entries.AsSpan(i * JournalEntryLength), pieces[i]);
        return entries;
    }

    /// <summary>The pieces in the journal, each once. An entry that is torn or beyond the torrent is passed over.</summary>
    private int[] ReadJournal()
    {
        byte[] entries;
        try
        {
            // Each piece is noted once between two saves; twice as much leaves room for saves that failed.
            entries = ReadUpTo(_journal, 2L * JournalEntryLength * (_key.PieceCount + 1L));
        }
        catch (FileNotFoundException)
        {
            return [];
        }

        var pieces = new Bitfield(_key.PieceCount);
        var found = new List<int>();
        for (int at = 0; at + JournalEntryLength <= entries.Length; at += JournalEntryLength)
        {
            int piece = BinaryPrimitives.ReadInt32BigEndian(entries.AsSpan(at));
            if ((uint)piece < (uint)pieces.Length && pieces.Add(piece))
                found.Add(piece);
        }

        return [.. found];
    }

    /// <summary>Leaves in the journal what was noted after the state was taken, and nothing else.</summary>
    private void TrimJournal(Bitfield verified)
    {
        List<int> later = [.. ReadJournal().Where(piece => !verified[piece])];
        if (later.Count == 0)
            File.Delete(_journal);
        else
            Replace(_journal, ToEntries(CollectionsMarshal.AsSpan(later)));
    }
}
