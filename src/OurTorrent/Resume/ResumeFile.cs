using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>
/// The resume file of one torrent in one directory, and beside it the journal of pieces verified since. Members wait for the
/// disk, and may be called from several threads.
/// </summary>
/// <remarks>
/// The state is written beside the file, handed to the disk and renamed over it: whatever happens in between, the old state or the
/// new one is there, whole. That costs two waits for the disk, and those for the content before it, so it is done every few seconds.
/// What is verified meanwhile goes to the journal, a few bytes for each piece without any wait, so that the end of the process
/// (not of the machine) loses no piece. Each note carries a checksum over the piece and the state's <see cref="ResumeState.Run"/>, so that
/// what is torn, damaged or was noted for another state is known for that. After a loss of power the journal may be ahead of the
/// content; so its pieces are believed only where a <see cref="WriteLedger"/> vouches for their files, and hashed otherwise.
/// </remarks>
internal sealed class ResumeFile
{
    private const int PieceLength = sizeof(int);
    private const int JournalEntryLength = PieceLength + sizeof(int);
    // Saving waits for the disk; what is to be noted meanwhile does not wait with it.
    private readonly Lock _saving = new();
    private readonly Lock _noting = new();
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

    /// <summary>The absolute path of the ledger that goes with it.</summary>
    public string LedgerPath => Path.ChangeExtension(FilePath, ".ledger");

    /// <summary>Makes the directory of the state, if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public void MakeDirectory() => MakeDirectory(Path.GetDirectoryName(FilePath)!);

    /// <summary>Reads what was saved. Never throws.</summary>
    public ResumeLoad Load()
    {
        lock (_saving)
        {
            // An exception costs more than the rest of the start of a small torrent.
            if (!Path.Exists(FilePath))
                return new ResumeLoad(ResumeStatus.Missing, null);

            try
            {
                byte[] file = ReadUpTo(FilePath, ResumeFormat.MaxLength);
                ResumeStatus status = ResumeFormat.Read(file, _key, out ResumeState? state);
                if (status != ResumeStatus.Ok)
                    return new ResumeLoad(status, null);

                List<int> journal;
                List<int> strays;
                lock (_noting)
                    (journal, strays) = ReadJournal(state!.Run);
                return new ResumeLoad(status, new ResumeSaved(state, journal, strays));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return new ResumeLoad(ResumeStatus.Missing, null);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new ResumeLoad(ResumeStatus.Unreadable, null, e.Message);
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
        lock (_saving)
        {
            MakeDirectory();
            Replace(FilePath, bytes, flush: true);
            lock (_noting)
                TrimJournal(state);
        }
    }

    /// <summary>Notes pieces that have been written and whose hash was right, until the next <see cref="Save"/>.</summary>
    /// <param name="run">The run of the state they belong to.</param>
    /// <param name="pieces">The indices of the pieces.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Note(Guid run, params ReadOnlySpan<int> pieces)
    {
        if (pieces.IsEmpty)
            return;

        byte[] entries = ToEntries(run, pieces);
        lock (_noting)
        {
            MakeDirectory();
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
        lock (_saving)
        lock (_noting)
        {
            if (!Directory.Exists(Path.GetDirectoryName(FilePath)))
                return;

            File.Delete(FilePath);
            File.Delete(Beside(FilePath));
            File.Delete(_journal);
            File.Delete(Beside(_journal));
            File.Delete(LedgerPath);
        }
    }

    private static string Beside(string path) => path + ".new";

    private static void Replace(string path, byte[] bytes, bool flush)
    {
        string beside = Beside(path);
        using (var stream = new FileStream(beside, OptionsFor(FileMode.Create)))
        {
            stream.Write(bytes);
            if (flush)
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

    private static byte[] ToEntries(Guid run, ReadOnlySpan<int> pieces)
    {
        byte[] entries = new byte[pieces.Length * JournalEntryLength];
        for (int i = 0; i < pieces.Length; i++)
        {
            Span<byte> entry = entries.AsSpan(i * JournalEntryLength, JournalEntryLength);
            BinaryPrimitives.WriteInt32BigEndian(entry, pieces[i]);
            BinaryPrimitives.WriteUInt32BigEndian(entry[PieceLength..], ChecksumOf(run, pieces[i]));
        }

        return entries;
    }

    private static uint ChecksumOf(Guid run, int piece)
    {
        Span<byte> noted = stackalloc byte[16 + PieceLength];
        run.TryWriteBytes(noted);
        BinaryPrimitives.WriteInt32BigEndian(noted[16..], piece);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(noted, hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    /// <summary>The pieces in the journal, each once: those noted for a run, and all others. What is torn or beyond the torrent is passed over.</summary>
    private (List<int> OfRun, List<int> Strays) ReadJournal(Guid run)
    {
        if (!Path.Exists(_journal))
            return ([], []);

        byte[] entries;
        try
        {
            // Each piece is noted once between two saves; twice as much leaves room for saves that failed.
            entries = ReadUpTo(_journal, 2L * JournalEntryLength * (_key.PieceCount + 1L));
        }
        catch (FileNotFoundException)
        {
            return ([], []);
        }

        var seen = new Bitfield(_key.PieceCount);
        var ofRun = new List<int>();
        var others = new List<int>();
        for (int at = 0; at + JournalEntryLength <= entries.Length; at += JournalEntryLength)
        {
            int piece = BinaryPrimitives.ReadInt32BigEndian(entries.AsSpan(at));
            if ((uint)piece >= (uint)seen.Length)
                continue;
            if (BinaryPrimitives.ReadUInt32BigEndian(entries.AsSpan(at + PieceLength)) != ChecksumOf(run, piece))
                others.Add(piece);
            else if (seen.Add(piece))
                ofRun.Add(piece);
        }

        return (ofRun, [.. others.Where(seen.Add)]);
    }

    /// <summary>Leaves in the journal what was noted after the state was taken, and nothing else.</summary>
    private void TrimJournal(ResumeState state)
    {
        List<int> later = [.. ReadJournal(state.Run).OfRun.Where(piece => !state.Verified[piece])];
        if (later.Count == 0)
            File.Delete(_journal);
        else
            Replace(_journal, ToEntries(state.Run, CollectionsMarshal.AsSpan(later)), flush: false);
    }
}
