using System.Security.Cryptography;
using OurTorrent.Engines;
using OurTorrent.Loop;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>
/// Keeps the resume file of one running torrent up to date: noted in the journal moments after a piece was verified, saved whole
/// now and then, and when the torrent stops. Where the system lets it, each write is noted in a <see cref="WriteLedger"/>. Belongs
/// to the loop's thread; files are touched on the disk threads, and by the thread pool where that takes long. A torrent whose content
/// is in a storage of the user's own has no resume file: its content is hashed at the start.
/// </summary>
internal sealed class ResumeKeeper
{
    private static readonly TimeSpan NoteDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(60);

    private readonly Engine _engine;
    private readonly TorrentMetainfo _metainfo;
    private readonly IStorage _storage;
    private readonly FileStorage? _files;
    private readonly ResumeFile? _file;
    private readonly string _directory;
    private readonly bool _keepsLedger;
    private readonly int _lane;
    private readonly LoopTimer _noteTimer;
    private readonly List<int> _unnoted = [];
    private Func<ResumeTotals>? _totals;
    private Guid _run;
    private TimeSpan _savedAt;
    private bool _isAsSaved;
    private ResumeTotals _before;
    private bool _isNoting;
    private bool _isSaving;
    private bool _isStopping;
    private Action? _stopped;
    private volatile bool _isDiskSuspect;

    /// <summary>Makes a keeper; nothing is read or written yet.</summary>
    public ResumeKeeper(Engine engine, TorrentMetainfo metainfo, TorrentOptions options, IStorage storage)
    {
        _engine = engine;
        _metainfo = metainfo;
        _storage = storage;
        _files = storage as FileStorage;
        _keepsLedger = _files is not null && !options.SeedOnly && OperatingSystem.IsLinux();
        _lane = metainfo.InfoHashes.Wire.GetHashCode() & int.MaxValue;
        _noteTimer = engine.Loop.CreateTimer(Note);
        var key = new ResumeKey(metainfo.InfoHashes, options.Directory, metainfo.PieceCount, metainfo.Files.Count);
        _directory = key.Directory;
        if (options.Storage is null)
            _file = new ResumeFile(engine.Options.StateDirectory ?? StateLocation.Default, key);
    }

    /// <summary>Whether something is to be saved when its time has come.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Told what the user should know, on the loop.</summary>
    public required Action<string> Warned { get; init; }

    /// <summary>Told of a file that is gone although pieces of it were verified, on the loop.</summary>
    public required Action<TorrentFile> Lost { get; init; }

    /// <summary>Reads what was saved, and looks how the files are now.</summary>
    /// <param name="ignoreSaved">Whether everything is to be hashed, whatever was saved.</param>
    /// <param name="done">Gets what to believe.</param>
    public void Load(bool ignoreSaved, Action<ResumeOutcome> done)
    {
        ResumeOutcome? outcome = null;
        Submit(
            () => outcome = Read(ignoreSaved),
            failure =>
            {
                outcome ??= ResumeOutcome.CheckAll(_metainfo.PieceCount, failure);
                _isAsSaved = outcome.IsAsSaved;
                _before = outcome.Before;
                if (outcome.Warning is { } warning)
                    Warned(warning);
                done(outcome);
            });
    }

    /// <summary>The content has been looked at: from here on changes are kept.</summary>
    /// <param name="totals">Asked, on the loop, for what to save.</param>
    public void Begin(Func<ResumeTotals> totals)
    {
        _totals = totals;
        if (!_isAsSaved)
            Save();
    }

    /// <summary>A piece has been verified.</summary>
    public void Verified(int piece)
    {
        if (_file is null)
            return;

        IsDirty = true;
        _unnoted.Add(piece);
        if (!_isNoting && !_isStopping && _noteTimer.Due is null)
            _noteTimer.Set(NoteDelay);
    }

    /// <summary>Saves when it is time to.</summary>
    public void Tick()
    {
        if (IsDirty && _engine.Loop.Now - _savedAt >= SaveInterval)
            Save();
    }

    /// <summary>Saves everything, after what was written so far has been handed to the disk.</summary>
    public void Save()
    {
        if (_file is null || _isSaving || _isStopping || _totals is null)
            return;

        IsDirty = false;
        _isAsSaved = false;
        _isSaving = true;
        _savedAt = _engine.Loop.Now;
        ResumeState state = StateOf(_totals(), isClean: false);
        TorrentFile? lost = null;
        SubmitAside(
            () =>
            {
                Flush();
                FileStamp?[] stamps = TrustedStamps();
                _file.Save(state with { Stamps = stamps });
                lost = _isDiskSuspect ? null : FindLost(state.Verified, stamps);
            },
            failure =>
            {
                _isSaving = false;
                Report(failure);
                if (lost is not null && !_isStopping)
                    Lost(lost);
                StopIfIdle();
            });
    }

    /// <summary>Nothing more is saved or noted until the end; waits for what is being.</summary>
    /// <param name="done">Called when the storage may be closed.</param>
    public void Stop(Action done)
    {
        _isStopping = true;
        _noteTimer.Cancel();
        _stopped = done;
        StopIfIdle();
    }

    /// <summary>Saves for the last time. The storage has been closed.</summary>
    /// <param name="isClean">Whether everything written has reached the disk.</param>
    /// <param name="done">Called when it is saved, or cannot be.</param>
    public void Finish(bool isClean, Action done)
    {
        if (_file is null || _totals is null)
        {
            done();
            return;
        }

        // Of thousands of torrents at rest, none costs a wait for the disk at the end.
        ResumeTotals totals = _totals();
        if (_isAsSaved && totals.Peers.Count == 0 && totals.Uploaded == _before.Uploaded && totals.Downloaded == _before.Downloaded)
        {
            done();
            return;
        }

        if (!isClean)
            Suspect();
        ResumeState state = StateOf(totals, isClean && !_isDiskSuspect);
        Submit(
            () =>
            {
                _file.Save(state with { Stamps = TrustedStamps() });

                // From here on the stamps vouch for everything.
                _files?.DiscardLedger();
            },
            failure =>
            {
                Report(failure);
                done();
            });
    }

    /// <summary>Looks at the files and what was saved of them, on a disk thread.</summary>
    private ResumeOutcome Read(bool ignoreSaved)
    {
        FileStamp?[] stamps = Stamps();
        if (_file is null)
            return ResumeOutcome.CheckAll(_metainfo.PieceCount);

        ResumeLoad load = _file.Load();
        ResumeOutcome outcome = Read(load, ignoreSaved, stamps, out bool isAllTrusted);

        // What was written before can be told from what others wrote only as long as all of it is trusted: otherwise a new run begins, in
        // which nothing is known until the content has been looked at and the state been saved.
        _run = isAllTrusted ? load.Saved!.State.Run : Guid.Empty;
        if (_keepsLedger && !outcome.Trusted.IsFull && TryMakeDirectory())
        {
            if (_run == Guid.Empty)
                _run = new Guid(RandomNumberGenerator.GetBytes(16));
            _files!.KeepLedger(new WriteLedger(_file.LedgerPath, _run, _metainfo.Files.Count, _engine.Options.TimeProvider));
        }

        return outcome.Trusted.IsFull ? outcome : outcome with { FreeBytes = StorageErrors.FreeBytes(_directory) };
    }

    private ResumeOutcome Read(ResumeLoad load, bool ignoreSaved, FileStamp?[] stamps, out bool isAllTrusted)
    {
        isAllTrusted = false;
        if (load.Saved is not { } saved)
        {
            return ResumeOutcome.CheckAll(_metainfo.PieceCount) with { Warning = Explain(load) };
        }

        ResumeState state = saved.State;
        var before = new ResumeTotals(state.Verified, state.Peers, state.Uploaded, state.Downloaded, state.ActiveTime, state.SeedingTime);
        if (ignoreSaved)
            return ResumeOutcome.CheckAll(_metainfo.PieceCount) with { Peers = state.Peers, Before = before };

        FileExtent[] extents = [.. _metainfo.Files.Select(file =>
            file.IsPadding ? new FileExtent(0, 0) : new FileExtent(file.FirstPiece, file.EndPiece))];
        LedgerEntry[]? ledger = WriteLedger.TryRead(_file!.LedgerPath, state.Run, _metainfo.Files.Count);
        ResumeVerdict verdict = ResumeValidation.Judge(saved, extents, stamps, ledger);
        foreach (int file in verdict.Unflushed)
            _files?.MarkUnflushed(file);
        isAllTrusted = saved.Strays.Count == 0 && state.Verified.Count + saved.Journal.Count(piece => !state.Verified[piece]) == verdict.Trusted.Count;
        return new ResumeOutcome
        {
            IsAsSaved = state.IsClean && verdict.Trusted.IsFull,
            Trusted = verdict.Trusted,
            Recheck = verdict.Recheck,
            Peers = state.Peers,
            Before = before,
        };
    }

    private string? Explain(ResumeLoad load)
    {
        string? reason = load.Status switch
        {
            ResumeStatus.Corrupt => "it is damaged",
            ResumeStatus.NewerVersion => "a later version of this program has written it",
            ResumeStatus.OtherTorrent => "it is about another torrent or folder",
            ResumeStatus.Unreadable => load.Detail!.TrimEnd('.'),
            _ => null,
        };
        return reason is null
            ? null
            : $"What an earlier run has kept in \"{_file!.FilePath}\" is not used: {reason}. The content is hashed instead; nothing is lost.";
    }

    private TorrentFile? FindLost(Bitfield verified, FileStamp?[] stamps) => _metainfo.Files.FirstOrDefault(file =>
        file is { IsPadding: false, SymlinkTarget: null, Length: > 0 } && stamps[file.Index] is null
        && Enumerable.Range(file.FirstPiece, file.EndPiece - file.FirstPiece).Any(piece => verified[piece]));

    private bool TryMakeDirectory()
    {
        try
        {
            _file!.MakeDirectory();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first save says so.
            return false;
        }
    }

    private void Flush()
    {
        try
        {
            _storage.Flush();
        }
        catch (Exception e) when (StorageErrors.KindOf(e) != StorageFailure.NotFound)
        {
            // A file that was removed is seen to be gone; this is something else.
            Suspect();
            throw;
        }
    }

    /// <summary>
    /// What was written may not be on the disk, and a system says so only once: from here on no file is vouched for, and each is hashed
    /// at the next start.
    /// </summary>
    private void Suspect()
    {
        _isDiskSuspect = true;
        _files?.DiscardLedger();
    }

    private FileStamp?[] TrustedStamps() => _isDiskSuspect ? new FileStamp?[_metainfo.Files.Count] : Stamps();

    private FileStamp?[] Stamps()
    {
        var stamps = new FileStamp?[_metainfo.Files.Count];
        for (int file = 0; file < stamps.Length; file++)
            stamps[file] = _metainfo.Files[file].IsPadding ? null : _storage.GetStamp(file);
        return stamps;
    }

    private ResumeState StateOf(in ResumeTotals totals, bool isClean) => new()
    {
        InfoHashes = _metainfo.InfoHashes,
        Directory = _directory,
        Verified = totals.Verified.Clone(),
        Stamps = [],
        SavedAt = _engine.Loop.UtcNow,
        IsClean = isClean,
        Run = _run,
        Uploaded = totals.Uploaded,
        Downloaded = totals.Downloaded,
        ActiveTime = totals.ActiveTime,
        SeedingTime = totals.SeedingTime,
        Peers = totals.Peers,
    };

    private void Note()
    {
        int[] pieces = [.. _unnoted];
        _unnoted.Clear();
        _isNoting = true;
        SubmitAside(
            () => _file!.Note(_run, pieces),
            failure =>
            {
                _isNoting = false;
                Report(failure);
                if (_unnoted.Count > 0 && !_isStopping)
                    _noteTimer.Set(NoteDelay);
                StopIfIdle();
            });
    }

    private void Report(Exception? failure)
    {
        if (failure is null)
            return;

        Warned(failure is StorageException
            ? failure.Message
            : $"What is known of the content cannot be kept in \"{Path.GetDirectoryName(_file!.FilePath)}\": {failure.Message.TrimEnd('.')}. "
                + "The download goes on; if it is stopped, the next start hashes what is there.");
    }

    private void Submit(Action work, Action<Exception?> done) => _engine.Disk.Submit(new Job(_engine.Loop, work, done), _lane);

    private void StopIfIdle()
    {
        if (_isSaving || _isNoting || _stopped is not { } stopped)
            return;

        _stopped = null;
        stopped();
    }

    /// <summary>
    /// Saving waits until the disk has everything, which may be hundreds of megabytes after a kill, and on a disk thread would hold up
    /// the pieces that come meanwhile. A note there would wait behind all that is to be written, and a kill lose what it is about.
    /// </summary>
    private void SubmitAside(Action work, Action<Exception?> done) => ThreadPool.UnsafeQueueUserWorkItem(
        static job =>
        {
            job.Execute();
            job.Loop.Post(job);
        },
        new Job(_engine.Loop, work, done),
        preferLocal: false);

    private sealed class Job(EngineLoop loop, Action work, Action<Exception?> done) : DiskJob(loop)
    {
        private Exception? _failure;

        public override void Execute()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                // The edge of the disk thread; a resume file that fails costs a hash check and no more.
                _failure = e;
            }
        }

        public override void Run() => done(_failure);
    }
}
