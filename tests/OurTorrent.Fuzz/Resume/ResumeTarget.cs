using System.Security.Cryptography;
using OurTorrent.Fuzz.Running;
using OurTorrent.Protocol;
using OurTorrent.Resume;
using OurTorrent.Storage;

namespace OurTorrent.Fuzz.Resume;

/// <summary>
/// Resume files with their journals, as they are found on disk. The input holds switches, how many pieces and files the torrent
/// has, the journal and how the files look now, each with its length in front, and then the resume file. Its hash is put right
/// unless a switch says otherwise, since nothing that is read behind it would ever be reached. Another has a ledger vouch for files.
/// </summary>
internal static class ResumeTarget
{
    private static readonly InfoHash V1 = new("aaaaaaaaaabbbbbbbbbb"u8);
    private static readonly InfoHashV2 V2 = new(SHA256.HashData("torrent"u8));

    public static void Check(byte[] input)
    {
        var reader = new InputReader(input);
        byte switches = reader.Byte();
        var hashes = new InfoHashes((switches & 2) != 0 ? null : V1, (switches & 6) != 0 ? V2 : null);
        var key = new ResumeKey(hashes, "/content", pieceCount: reader.Byte(), fileCount: reader.Byte() % 16);
        byte[] journal = reader.Counted().ToArray();
        byte[] now = reader.Counted().ToArray();
        byte[] bytes = reader.Rest().ToArray();
        if ((switches & 1) == 0)
            bytes = [.. bytes, .. SHA256.HashData(bytes)];

        ResumeStatus status = Promise.Allocates(16 * 1024 + (100L * bytes.Length), () => ResumeFormat.Read(bytes, key, out _));
        if (status != ResumeStatus.Ok && bytes.Length > 0)
            return;

        using var folder = new TemporaryFolder();
        var file = new ResumeFile(folder.FullName, key);
        File.WriteAllBytes(file.FilePath, bytes);
        File.WriteAllBytes(Path.ChangeExtension(file.FilePath, ".journal"), journal);
        ResumeLoad load = file.Load();
        Promise.Same(status, load.Status, "a file reads as its bytes do");
        Promise.Same(status == ResumeStatus.Ok, load.Saved is not null, "there is a state or a reason");
        if (load.Saved is null)
            return;

        CheckState(load.Saved, key);
        CheckVerdict(load.Saved, key, now, (switches & 8) != 0);
        CheckSaved(file, load.Saved);
        bytes[bytes.Length / 2] ^= 1;
        Promise.Same(ResumeStatus.Corrupt, ResumeFormat.Read(bytes, key, out _), "a bit that was turned is noticed");
    }

    private static void CheckState(ResumeSaved saved, ResumeKey key)
    {
        ResumeState state = saved.State;
        Promise.Same(key.InfoHashes, state.InfoHashes, "it is about the torrent");
        Promise.Same(key.PieceCount, state.Verified.Length, "it fits the torrent's pieces");
        Promise.Same(key.FileCount, state.Stamps.Count, "it fits the torrent's files");
        Promise.That(state.Stamps.All(stamp => stamp is null or { Length: >= 0 }), "no file is shorter than nothing");
        Promise.That(state is { Uploaded: >= 0, Downloaded: >= 0 } && state.ActiveTime >= TimeSpan.Zero && state.SeedingTime >= TimeSpan.Zero, "no total is negative");
        Promise.That(state.Peers.Count <= ResumeState.MaxPeers, "only so many peers are kept");
        int[] noted = [.. saved.Journal, .. saved.Strays];
        Promise.That(noted.All(piece => piece >= 0 && piece < key.PieceCount), "the journal names pieces of the torrent");
        Promise.Same(noted.Length, noted.Distinct().Count(), "the journal names a piece once");
    }

    private static void CheckVerdict(ResumeSaved saved, ResumeKey key, byte[] now, bool hasLedger)
    {
        ResumeState state = saved.State;
        var extents = new FileExtent[key.FileCount];
        var stamps = new FileStamp?[key.FileCount];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = new(key.PieceCount * i / extents.Length, key.PieceCount * (i + 1) / extents.Length);
            byte how = i < now.Length ? now[i] : (byte)0;
            stamps[i] = (how & 3) switch
            {
                0 => state.Stamps[i],
                1 => null,
                2 => new FileStamp(how, DateTimeOffset.UnixEpoch),
                _ => state.Stamps[i] is { Length: < long.MaxValue } stamp ? stamp with { Length = stamp.Length + 1 } : null,
            };
        }

        // Of every other file the ledger knows the change that is seen now.
        LedgerEntry[]? ledger = hasLedger
            ? [.. stamps.Select((stamp, i) => new LedgerEntry(Begun: 0, i % 2 == 0 ? stamp?.Mark.Changed ?? 0 : 1, stamp?.Mark.Mount ?? 0))]
            : null;
        ResumeVerdict verdict = ResumeValidation.Judge(saved, extents, stamps, ledger);
        int[] noted = [.. saved.Journal, .. saved.Strays];
        for (int file = 0; file < extents.Length; file++)
        {
            for (int piece = extents[file].FirstPiece; piece < extents[file].EndPiece; piece++)
            {
                bool isOurs = stamps[file] is { } stamp && ledger is not null && ledger[file].Explains(stamp.Mark);
                bool isVerified = state.Verified[piece] || (isOurs && saved.Journal.Contains(piece));
                Promise.That(!verdict.Trusted[piece] || isVerified, "only what was verified is trusted");
                Promise.That(
                    !verdict.Trusted[piece] || isOurs || stamps[file] == state.Stamps[file], "only what nobody but us touched is trusted");
                Promise.That(!verdict.Trusted[piece] || !verdict.Recheck[piece], "what is trusted is not hashed");
                Promise.That(stamps[file] is not null || !verdict.Recheck[piece], "what is gone is not hashed");
                bool isKnown = stamps[file] is not null && (state.Verified[piece] || noted.Contains(piece));
                Promise.That(!isKnown || verdict.Trusted[piece] || verdict.Recheck[piece], "what may be there is not fetched again");
            }
        }
    }

    private static void CheckSaved(ResumeFile file, ResumeSaved saved)
    {
        ResumeState state = saved.State;
        file.Save(state);
        ResumeLoad load = file.Load();
        Promise.Same(ResumeStatus.Ok, load.Status, "what is saved can be loaded");
        ResumeSaved again = load.Saved!;
        Promise.That(again.State.Verified.Span.SequenceEqual(state.Verified.Span), "what is saved comes back");
        Promise.That(again.State.Stamps.SequenceEqual(state.Stamps), "what is saved comes back");
        Promise.That(ResumeFormat.Write(state).AsSpan().SequenceEqual(ResumeFormat.Write(again.State)), "a state is always written alike");
        Promise.That(again.Journal.SequenceEqual(saved.Journal.Where(piece => !state.Verified[piece])), "a save leaves in the journal what it does not hold");
        if (state.Verified.Length == 0)
            return;

        file.Note(state.Run, state.Verified.Length - 1);
        Promise.That(file.Load().Saved!.Journal.Contains(state.Verified.Length - 1), "what is noted is found");
    }
}
