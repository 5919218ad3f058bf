using System.Net;
using OurTorrent.Bandwidth;
using OurTorrent.Engines;
using OurTorrent.Peers;
using OurTorrent.Pieces;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Resume;
using OurTorrent.Storage;
using OurTorrent.Trackers;

namespace OurTorrent.Swarms;

/// <summary>
/// One torrent at work: what we have of it, who else has it, and what is being done about the rest. Everything here belongs
/// to the loop's thread, but for the tasks and the constructor. This file holds its life from start to stop; the others
/// hold its peers, its downloads and its uploads.
/// </summary>
internal sealed partial class Swarm : IContentStoreEvents, IBlockReader
{
    private readonly Engine _engine;
    private readonly TorrentOptions _options;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StorageMap _map;
    private readonly RateLimiter _downloadLimiter;
    private readonly RateLimiter _uploadLimiter;
    private TaskCompletionSource _checked = NewOutcome();
    private TaskCompletionSource _completion = NewOutcome();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _stopping;
    private bool _startAgain;
    private ContentStore? _store;
    private readonly TorrentAnnouncer _announcer;
    private ResumeKeeper? _resume;
    private TorrentException? _error;
    private string[] _warnings = [];
    private ResumeTotals? _earlier;
    private long? _freeBytes;
    private TimeSpan _startedAt;
    private TimeSpan _activeBefore;
    private TimeSpan? _seedingSince;
    private TimeSpan _seedingBefore;
    private double _checkProgress;
    private bool _removed;
    private Action? _cancelCheck;
    private IReadOnlyList<IPEndPoint> _lastPeers = [];

    /// <summary>Makes the swarm of a torrent; nothing happens before <see cref="Start"/>.</summary>
    /// <param name="engine">The engine; this is called on its loop.</param>
    /// <param name="metainfo">What the torrent holds.</param>
    /// <param name="options">How it is downloaded and seeded.</param>
    /// <param name="priorities">How much each file is wanted.</param>
    public Swarm(Engine engine, TorrentMetainfo metainfo, TorrentOptions options, FilePriority[] priorities)
    {
        _engine = engine;
        Metainfo = metainfo;
        _options = options;
        _priorities = priorities;
        _downloadLimiter = new RateLimiter(engine.DownloadLimiter);
        _uploadLimiter = new RateLimiter(engine.UploadLimiter);
        SetLimits();
        _map = new StorageMap(metainfo);
        Geometry = GeometryOf(metainfo, _map);
        Picker = NewPicker();
        _peerList = new PeerList(engine.Random);
        _choker = new Choker(engine.Random);
        _choker.Slots = options.UploadSlots ?? Choker.SlotsFor(0, UploadLimitOf(engine.Options, options), _choker.Slots);
        _announcer = NewAnnouncer();
    }

    /// <summary>What the torrent holds.</summary>
    public TorrentMetainfo Metainfo { get; }

    /// <summary>The sizes of pieces and blocks.</summary>
    public PieceGeometry Geometry { get; }

    /// <summary>What is had and what is asked of whom.</summary>
    public PiecePicker Picker { get; private set; }

    /// <summary>What it is doing.</summary>
    public TorrentState State { get; private set; } = TorrentState.Stopped;

    /// <summary>Told of each new state, through the event dispatcher.</summary>
    public Action<TorrentState>? StateChanged { get; set; }

    /// <summary>Told of each new piece, on the loop.</summary>
    public Action<int>? PieceCompleted { get; set; }

    /// <summary>Told of each peer that lacked something and has all now, on the loop.</summary>
    public Action<PeerConnection>? PeerCompleted { get; set; }

    /// <summary>Ends when the content on disk has been looked at. Any thread may read it.</summary>
    public Task Checked => Volatile.Read(ref _checked).Task;

    /// <summary>Ends when all that is wanted is there and verified. Any thread may read it.</summary>
    public Task Completion => Volatile.Read(ref _completion).Task;

    /// <summary>Ends when the torrent has been removed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Ends at the next change of state.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Whether a rate is above nothing; smoothed as they are, they fall for a while after the last byte.</summary>
    private bool HasFlow => DownloadRate > 0 || UploadRate > 0;

    /// <summary>The info-hash in our handshakes and announces.</summary>
    public InfoHash InfoHash => Metainfo.InfoHashes.Wire;

    /// <summary>The info-hashes by which peers may ask for it: one, or two of a hybrid.</summary>
    public IEnumerable<InfoHash> WireInfoHashes
    {
        get
        {
            if (Metainfo.InfoHashes.V1 is { } v1)
                yield return v1;
            if (Metainfo.InfoHashes.V2 is { } v2)
                yield return v2.Truncate();
        }
    }

    /// <summary>The pieces that are there and verified.</summary>
    public Bitfield Have => Picker.Have;

    /// <summary>The number of pieces.</summary>
    public int PieceCount => Geometry.PieceCount;

    /// <summary>Whether peers may connect.</summary>
    public bool AcceptsPeers => State is TorrentState.Downloading or TorrentState.Seeding;

    /// <summary>Whether we will never ask for anything (BEP 21).</summary>
    public bool IsUploadOnly => State == TorrentState.Seeding;

    /// <summary>Whether this info-hash is one of ours.</summary>
    public bool Matches(InfoHash infoHash) => Metainfo.InfoHashes.Matches(infoHash);

    /// <summary>Looks at the content and then seeks peers; once it has stopped, if it is about to.</summary>
    /// <returns>Ends when it has started.</returns>
    /// <exception cref="InvalidOperationException">The torrent was removed.</exception>
    public Task StartAsync()
    {
        if (_removed)
            throw new InvalidOperationException($"{Metainfo.Name} was removed from its session.");
        if (_stopping is not null)
        {
            _startAgain = true;
            return _stopping;
        }

        if (State is TorrentState.Stopped or TorrentState.Failed)
            Start();
        return Task.CompletedTask;
    }

    /// <summary>Leaves all peers, tells the trackers and saves what is known.</summary>
    /// <returns>Ends when that is done.</returns>
    public Task StopAsync()
    {
        _startAgain = false;
        if (_stopping is not null)
            return _stopping;
        if (State is TorrentState.Stopped or TorrentState.Failed)
            return Task.CompletedTask;

        return ShutDown(TorrentState.Stopped);
    }

    /// <summary>Stops for good.</summary>
    /// <returns>Ends when that is done.</returns>
    public Task CloseAsync()
    {
        _removed = true;
        return CloseWhen(StopAsync());
    }

    /// <summary>Whether it is ticked: something may be new each second.</summary>
    public bool IsAwake { get; set; }

    /// <summary>The engine's count of looks when it was last awake.</summary>
    public long LastAwake { get; set; }

    /// <summary>Once a second, while it is awake: timeouts, new connections, choking, saving.</summary>
    /// <returns>Whether it has to be ticked again; otherwise it is woken when something happens.</returns>
    public bool Tick()
    {
        if (AcceptsPeers)
        {
            TickPeers();
            _resume?.Tick();
        }

        return State switch
        {
            TorrentState.Checking or TorrentState.Downloading => true,
            TorrentState.Seeding => _peers.Count > 0 || !_readers.IsEmpty || _resume is { IsDirty: true } || HasFlow || IsDialling(),
            _ => HasFlow,
        };
    }

    /// <summary>What the torrent is doing, and how far it is.</summary>
    public TorrentStatus GetStatus()
    {
        TimeSpan now = _engine.Loop.Now;
        return new TorrentStatus
        {
            State = State,
            CheckProgress = State == TorrentState.Checking ? _checkProgress : 1,
            BytesWanted = _bytesWanted,
            BytesCompleted = _bytesCompleted,
            BytesFound = _bytesFound,
            BytesHashed = _bytesHashed,
            BytesDownloaded = SessionDownloaded + (_earlier?.Downloaded ?? 0),
            BytesUploaded = SessionUploaded + (_earlier?.Uploaded ?? 0),
            BytesWasted = _wasted,
            DownloadRate = DownloadRate,
            UploadRate = UploadRate,
            PeersConnected = OpenPeers,
            SeedsConnected = _peers.Count(peer => peer.IsOpen && peer.Picker.IsSeed),
            PeersKnown = _peerList.Candidates.Count,
            Pieces = Have.Clone(),
            Availability = Picker.Availability,
            ActiveTime = ActiveTime(now),
            SeedingTime = SeedingTime(now),
            Error = _error,
            Warnings = _warnings,
        };
    }

    /// <summary>What is known of each tracker.</summary>
    public IReadOnlyList<TrackerStatus> GetTrackers() => _announcer.Snapshot();

    /// <summary>The peers it is connected to.</summary>
    public IReadOnlyList<PeerStatus> GetPeers() =>
        [.. _peers.Where(peer => peer.IsOpen).Select(peer => peer.GetStatus(PieceCount))];

    private static TaskCompletionSource NewOutcome()
    {
        var outcome = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Nobody has to look at it; a failure is also in the status.
        _ = outcome.Task.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        return outcome;
    }

    private void Start()
    {
        // What ended badly is asked anew; what has been reached once stays reached.
        if (_checked.Task.IsCompleted)
            Volatile.Write(ref _checked, NewOutcome());
        if (_completion.Task.IsFaulted)
            Volatile.Write(ref _completion, NewOutcome());
        _error = null;
        _warnings = [];
        _piecesUnwritten = 0;
        _readsFailed = 0;
        _checkProgress = 0;
        _areFilesPrepared = false;
        _areFilesConfirmed = false;
        _startedAt = _engine.Loop.Now;
        IStorage storage = _options.Storage is { } own ? new KeptStorage(own) : new FileStorage(
            Metainfo, _options.Directory, _engine.Files, _options.Allocation, readOnly: _options.SeedOnly);
        var resume = new ResumeKeeper(_engine, Metainfo, _options, storage) { Warned = Warn, Lost = OnFileLost };
        _store = new ContentStore(Metainfo, storage, _engine.Disk, _engine.Loop, _engine.Pool, _engine.Cache, this);
        _resume = resume;
        Picker = NewPicker();
        ApplyPriorities();
        SetState(TorrentState.Checking);
        resume.Load(_options.CheckAgain, outcome =>
        {
            // A torrent that was stopped and started again meanwhile waits for an answer of its own.
            if (resume == _resume)
                OnResumeLoaded(outcome);
        });
    }

    private TimeSpan ActiveTime(TimeSpan now) =>
        _activeBefore + (State is TorrentState.Stopped or TorrentState.Failed ? TimeSpan.Zero : now - _startedAt);

    private TimeSpan SeedingTime(TimeSpan now) => _seedingBefore + (_seedingSince is { } since ? now - since : TimeSpan.Zero);

    private void SetLimits()
    {
        if (_options.DownloadLimit > 0)
            _downloadLimiter.SetRate(TimeSpan.Zero, _options.DownloadLimit);
        if (_options.UploadLimit > 0)
            _uploadLimiter.SetRate(TimeSpan.Zero, _options.UploadLimit);
    }

    private void SetState(TorrentState state)
    {
        if (State == state)
            return;

        if (_seedingSince is { } since)
        {
            _seedingBefore += _engine.Loop.Now - since;
            _seedingSince = null;
        }

        State = state;
        if (state == TorrentState.Seeding)
            _seedingSince = _engine.Loop.Now;
        _engine.Wake(this);
        Log.StateChanged(_engine.Logger, Metainfo.Name, state);
        if (StateChanged is { } changed)
            _engine.Events.Raise(() => changed(state));
        SignalChange();
    }

    private void SignalChange()
    {
        TaskCompletionSource before = _changed;
        Volatile.Write(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        before.TrySetResult();
    }

    private void OnResumeLoaded(ResumeOutcome outcome)
    {
        if (State != TorrentState.Checking)
            return;

        if (outcome.Failure is { } failure)
        {
            // Not the resume file, which is only a help: the content itself cannot be looked at.
            Fail(TorrentErrorKind.CannotRead, failure);
            return;
        }

        _freeBytes = outcome.FreeBytes;

        // The totals of a torrent that was only stopped and started again are counted in this session already.
        _earlier ??= outcome.Before;
        foreach (IPEndPoint peer in outcome.Peers)
            _peerList.Add(peer, PeerSource.Resume);
        MarkHave(outcome.Trusted);
        CountCompleted();
        if (outcome.Recheck.IsEmpty)
        {
            OnChecked(null);
            return;
        }

        var checking = new CancellationTokenSource();
        _cancelCheck = checking.Cancel;
        _store!.CheckPieces(
            outcome.Recheck, progress => _checkProgress = (double)progress.Checked / progress.Total, OnChecked, checking.Token);
    }

    private void OnChecked(CheckResult? result)
    {
        if (State != TorrentState.Checking)
            return;

        if (result?.Failure is { } failure)
        {
            Fail(failure, TorrentErrorKind.CannotRead);
            return;
        }

        if (result is not null)
            MarkHave(result.Good);
        ApplyPriorities();
        _bytesFound = _bytesCompleted;
        _bytesHashed = result?.BytesHashed ?? 0;
        Log.ContentChecked(_engine.Logger, Metainfo.Name, Have.Count, PieceCount, _bytesHashed);
        WarnOfLittleRoom();
        _resume!.Begin(GetTotals);
        bool complete = _options.SeedOnly || Picker.IsComplete;
        SetState(complete ? TorrentState.Seeding : TorrentState.Downloading);
        _checked.TrySetResult();
        if (!_options.SeedOnly)
            PrepareFiles();
        else if (Picker.IsComplete)
            _completion.TrySetResult();

        SettleReaders();
        if (_options.StopWhenComplete && Picker.IsComplete)
            return;

        foreach (IPEndPoint peer in _options.Peers)
            AddPeer(peer, PeerSource.Given);
        ConnectPeers();
        _announcer.Start(Have.IsFull);
    }

    /// <summary>Only a warning: others may make room meanwhile, and a file that is there in part has some of its room already.</summary>
    private void WarnOfLittleRoom()
    {
        long missing = _bytesWanted - _bytesCompleted;
        if (!_options.SeedOnly && _freeBytes < missing)
        {
            Warn($"{StorageSize.Format(missing)} are still to come, and \"{_options.Directory}\" has only {StorageSize.Format(_freeBytes.Value)} free. "
                + "Make room, or it will stop when the disk is full.");
        }
    }

    private void Warn(string warning)
    {
        if (_warnings.Contains(warning, StringComparer.Ordinal))
            return;

        _warnings = [.. _warnings, warning];
        Log.TorrentWarned(_engine.Logger, Metainfo.Name, warning);
        SignalChange();
    }

    private TorrentAnnouncer NewAnnouncer() => new(
        _engine.Loop,
        _engine.Trackers,
        InfoHash,
        _engine.PeerId,
        Metainfo.Trackers,
        () => new AnnounceTotals(
            _engine.ListenPort,
            SessionUploaded,
            SessionDownloaded,
            Left: _bytesTotal - _bytesHad,
            NumWant: WantsPeers || _hasPlaceToGive ? -1 : 0,
            IsPartialSeed: IsUploadOnly && !Have.IsFull),
        OnTrackerPeers,
        _engine.Random,
        new AnnouncerOptions { AnnounceToAll = _options.AnnounceToAllTrackers });

    private void OnTrackerPeers(IReadOnlyList<IPEndPoint> peers)
    {
        foreach (IPEndPoint peer in peers)
            _peerList.Add(peer, PeerSource.Tracker);
        LearnOwnAddress(said: null);
        ConnectPeers();
        _engine.Wake(this);
    }

    private void MarkHave(Bitfield pieces)
    {
        for (int piece = 0; piece < PieceCount; piece++)
        {
            if (pieces[piece])
                Picker.MarkHave(piece);
        }
    }

    private PiecePicker NewPicker() => new(Geometry, _engine.Random) { Sequential = _options.Sequential };

    private static PieceGeometry GeometryOf(TorrentMetainfo metainfo, StorageMap map)
    {
        if (metainfo.Version != TorrentVersion.V2)
        {
            return new PieceGeometry(metainfo.Files.Sum(file => file.Length), metainfo.PieceLength)
            {
                ContentEnd = metainfo.Files.Any(file => file.IsPadding) ? map.ContentEndOf : null,
            };
        }

        // Every file of a v2 torrent begins on a piece of its own, so pieces are short in many places (BEP 52).
        var lengths = new int[metainfo.PieceCount];
        for (int piece = 0; piece < lengths.Length; piece++)
            lengths[piece] = metainfo.PieceLengthOf(piece);
        return new PieceGeometry(metainfo.PieceLength, lengths);
    }

    private static long? UploadLimitOf(SessionOptions session, TorrentOptions torrent)
    {
        long limit = Math.Min(
            session.UploadLimit == 0 ? long.MaxValue : session.UploadLimit,
            torrent.UploadLimit == 0 ? long.MaxValue : torrent.UploadLimit);
        return limit == long.MaxValue ? null : limit;
    }

    private ResumeTotals GetTotals()
    {
        ResumeTotals earlier = _earlier.GetValueOrDefault();
        TimeSpan now = _engine.Loop.Now;
        return new ResumeTotals(
            Have,
            [.. OpenCandidates().Concat(_lastPeers).Distinct().Take(ResumeState.MaxPeers)],
            earlier.Uploaded + SessionUploaded,
            earlier.Downloaded + SessionDownloaded,
            earlier.ActiveTime + ActiveTime(now),
            earlier.SeedingTime + SeedingTime(now));
    }

    /// <summary>Where the peers listen that we are connected to, as far as that is known.</summary>
    private IEnumerable<IPEndPoint> OpenCandidates() =>
        _peers.Where(peer => peer.IsOpen && peer.Candidate is not null).Select(peer => peer.Candidate!.EndPoint);

    private void Fail(StorageException failure, TorrentErrorKind kind)
    {
        kind = failure.Kind switch
        {
            StorageFailure.DiskFull => TorrentErrorKind.DiskFull,
            StorageFailure.ReadFailed => TorrentErrorKind.CannotRead,
            StorageFailure.WriteFailed or StorageFailure.NotADirectory or StorageFailure.OutsideDirectory => TorrentErrorKind.CannotWrite,
            _ => kind,
        };
        Fail(kind, (Exception)failure);
    }

    private void Fail(TorrentErrorKind kind, Exception cause)
    {
        if (State is TorrentState.Failed or TorrentState.Stopped)
            return;

        string message = cause.Message;
        if (kind == TorrentErrorKind.DiskFull)
            message = $"{message.TrimEnd(' ', '.')}. Of the content, {StorageSize.Format(_bytesWanted - _bytesCompleted)} are still missing.";

        _error = new TorrentException(kind, message, cause);
        Log.TorrentFailed(_engine.Logger, Metainfo.Name, message);
        _checked.TrySetException(_error);
        _completion.TrySetException(_error);
        _ = ShutDown(TorrentState.Failed);
    }

    private Task ShutDown(TorrentState final)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stopping = done.Task;
        _cancelCheck?.Invoke();
        _cancelCheck = null;
        _lastPeers = [.. OpenCandidates()];
        _activeBefore = ActiveTime(_engine.Loop.Now);
        _wasted += Picker.PartialBytes;
        SetState(final);
        _checked.TrySetException(_error ?? StoppedError());
        foreach (PeerConnection peer in _peers.ToArray())
            peer.Close(PeerCloseReason.Stopping);
        _readers.Fail(new IOException($"{Metainfo.Name} was stopped.", _error));

        // The disk and the trackers are told at the same time; whichever is slower ends the stop.
        int waiting = 2;
        ResumeKeeper resume = _resume!;
        ContentStore store = _store!;
        resume.Stop(() => store.Close(failure => resume.Finish(isClean: failure is null, Completed)));
        _announcer.Stop(Completed);
        return done.Task;

        void Completed()
        {
            if (--waiting > 0)
                return;

            _store = null;
            _resume = null;
            _stopping = null;
            if (_startAgain)
            {
                _startAgain = false;
                Start();
            }

            done.SetResult();
        }
    }

    private async Task CloseWhen(Task stopped)
    {
        await stopped.ConfigureAwait(false);
        try
        {
            _options.Storage?.Dispose();
        }
        catch (Exception e)
        {
            // A user's storage must not keep the session from closing.
            Log.StorageNotClosed(_engine.Logger, Metainfo.Name, e);
        }

        TorrentException end = StoppedError();
        _checked.TrySetException(end);
        _completion.TrySetException(end);
        _closed.TrySetResult();
        SignalChange();
    }

    private TorrentException StoppedError() =>
        new(TorrentErrorKind.Stopped, $"{Metainfo.Name} was stopped before it was complete.");
}
