using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>Decides what to believe of a saved state, from how the files look now.</summary>
/// <remarks>
/// <para>
/// A file is known by its length and the time it was last written to. Both as they were saved: nobody has written to it since, so
/// what was verified in it still is. Another time or length: somebody has, and it matters who.
/// </para>
/// <para>
/// After a clean end, not we. The file may be damaged, replaced, or completed by other means, so each piece of it is hashed, also
/// those we did not have.
/// </para>
/// <para>
/// After an unclean end (<c>kill -9</c>, power) it was probably ourselves, writing pieces after the last save; but a change by
/// another program looks just the same, and content that is not whole must never pass for whole. So the pieces recorded as verified
/// are hashed again, of such files only: not those of the many files that were complete long before, and not the holes where
/// nothing was fetched yet. Hashing reads at the speed of the disk; nothing is fetched again that is still there.
/// </para>
/// <para>
/// Pieces known from the journal alone are always hashed: their content was not handed to the disk before they were noted, so after
/// a loss of power an unchanged stamp says nothing about them. A file that is gone takes its pieces with it; one cut short is
/// changed like any other, and the hash tells what is left.
/// </para>
/// <para>
/// Where times are kept in whole seconds, a second write may follow the one we saved without a trace. So a stamp of whole seconds that
/// was less than two seconds old when it was saved counts as changed. What restores the time on purpose is not noticed; that takes
/// a full check.
/// </para>
/// </remarks>
internal static class ResumeValidation
{
    // The coarsest clock of a file system in use: FAT counts every other second.
    private static readonly TimeSpan CoarsestClock = TimeSpan.FromSeconds(2);

    private enum FileVerdict : byte
    {
        Unchanged,
        Doubtful,
        Changed,
        Gone,
    }

    /// <summary>Decides.</summary>
    /// <param name="state">What was saved.</param>
    /// <param name="journal">Pieces verified after it was saved.</param>
    /// <param name="files">The extent of each file, by index.</param>
    /// <param name="stamps">How each file looks now, by index; null for one that does not exist.</param>
    public static ResumeVerdict Judge(
        ResumeState state, IReadOnlyList<int> journal, IReadOnlyList<FileExtent> files, IReadOnlyList<FileStamp?> stamps)
    {
        int pieceCount = state.Verified.Length;
        Bitfield journaled = ToSet(journal, pieceCount);
        var worst = new FileVerdict[pieceCount];
        for (int file = 0; file < files.Count; file++)
        {
            FileVerdict verdict = JudgeFile(state, state.Stamps[file], stamps[file]);
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

            if (recorded && worst[piece] == FileVerdict.Unchanged)
                trusted.Add(piece);
            else if (recorded || journaled[piece] || worst[piece] == FileVerdict.Changed)
                recheck.Add(piece);
        }

        return new ResumeVerdict(trusted, recheck);
    }

    private static FileVerdict JudgeFile(ResumeState state, FileStamp? saved, FileStamp? now)
    {
        if (now is null)
            return FileVerdict.Gone;

        if (saved != now)
            return state.IsClean ? FileVerdict.Changed : FileVerdict.Doubtful;

        bool wholeSeconds = now.Value.Modified.UtcTicks % TimeSpan.TicksPerSecond == 0;
        return wholeSeconds && now.Value.Modified > state.SavedAt - CoarsestClock ? FileVerdict.Doubtful : FileVerdict.Unchanged;
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
