using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>Decides what to believe of a saved state, from how the files look now.</summary>
/// <remarks>
/// <para>
/// A file is known by its length, the time it was last written to and the time of its last change. All as they were saved: nobody has
/// written to it since, so what was verified in it still is. Otherwise somebody has, and it matters who.
/// </para>
/// <para>
/// We, if the <see cref="WriteLedger"/> says so: then what was recorded, and what the journal says was verified since, is there. This is
/// how a process finds things that was killed (<c>kill -9</c>) in the middle of a download. After a restart of the machine there is no
/// such witness, and what had not been handed to the disk may be lost.
/// </para>
/// <para>
/// Not we, after a clean end: the file may be damaged, replaced, or completed by other means, so each piece of it is hashed, also
/// those we did not have.
/// </para>
/// <para>
/// Nobody knows who, after an unclean end without a witness: probably we, but content that is not whole must never pass for whole. So
/// the pieces recorded as verified are hashed again, of such files only: not those of the many files that were complete long before,
/// and not the holes where nothing was fetched yet. Hashing reads at the speed of the disk; nothing is fetched again that is still there.
/// </para>
/// <para>
/// A file that is gone takes its pieces with it; one cut short is changed like any other, and the hash tells what is left.
/// </para>
/// <para>
/// Where times are kept in whole seconds, a second write may follow the one we saved without a trace. So a stamp of whole seconds that
/// was less than two seconds old when it was saved counts as changed.
/// </para>
/// </remarks>
internal static class ResumeValidation
{
    // The coarsest clock of a file system in use: FAT counts every other second.
    private static readonly TimeSpan CoarsestClock = TimeSpan.FromSeconds(2);

    private enum FileVerdict : byte
    {
        Ours,
        Unchanged,
        Doubtful,
        Changed,
        Gone,
    }

    /// <summary>Decides.</summary>
    /// <param name="saved">What was saved, and noted since.</param>
    /// <param name="files">The extent of each file, by index.</param>
    /// <param name="stamps">How each file looks now, by index; null for one that does not exist.</param>
    /// <param name="ledger">When each file was last changed by us, or null when that is not known.</param>
    public static ResumeVerdict Judge(
        ResumeSaved saved, IReadOnlyList<FileExtent> files, IReadOnlyList<FileStamp?> stamps, IReadOnlyList<LedgerEntry>? ledger)
    {
        ResumeState state = saved.State;
        int pieceCount = state.Verified.Length;
        Bitfield journaled = ToSet(saved.Journal, pieceCount);
        Bitfield strays = ToSet(saved.Strays, pieceCount);
        var worst = new FileVerdict[pieceCount];
        var unflushed = new List<int>();
        for (int file = 0; file < files.Count; file++)
        {
            FileVerdict verdict = JudgeFile(state, state.Stamps[file], stamps[file], ledger?[file] ?? default);
            if (verdict is FileVerdict.Ours or FileVerdict.Doubtful)
                unflushed.Add(file);
            for (int piece = files[file].FirstPiece; piece < files[file].EndPiece; piece++)
                worst[piece] = (FileVerdict)Math.Max((byte)worst[piece], (byte)verdict);
        }

        var trusted = new Bitfield(pieceCount);
        var recheck = new Bitfield(pieceCount);
        for (int piece = 0; piece < pieceCount; piece++)
        {
            bool recorded = state.Verified[piece];
            if (worst[piece] == FileVerdict.Gone)
                continue;

            if ((recorded && worst[piece] <= FileVerdict.Unchanged) || (journaled[piece] && worst[piece] == FileVerdict.Ours))
                trusted.Add(piece);
            else if (recorded || journaled[piece] || strays[piece] || worst[piece] == FileVerdict.Changed)
                recheck.Add(piece);
        }

        return new ResumeVerdict(trusted, recheck, unflushed);
    }

    private static FileVerdict JudgeFile(ResumeState state, FileStamp? saved, FileStamp? now, LedgerEntry entry)
    {
        if (now is null)
            return FileVerdict.Gone;

        if (entry.Explains(now.Value.Mark))
            return FileVerdict.Ours;

        if (saved is null || !saved.Value.MayBe(now.Value))
            return state.IsClean ? FileVerdict.Changed : FileVerdict.Doubtful;

        bool wholeSeconds = now.Value.Modified.UtcTicks % TimeSpan.TicksPerSecond == 0;
        return wholeSeconds && state.SavedAt - now.Value.Modified < CoarsestClock ? FileVerdict.Doubtful : FileVerdict.Unchanged;
    }

    private static Bitfield ToSet(IReadOnlyList<int> pieces, int pieceCount)
    {
        var set = new Bitfield(pieceCount);
        foreach (int piece in pieces)
        {
            if ((uint)piece < (uint)pieceCount)
                set.Add(piece);
        }

        return set;
    }
}
