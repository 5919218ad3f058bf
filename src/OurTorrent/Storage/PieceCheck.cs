using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>
/// One hash check of what is on disk. Each disk thread takes a batch of consecutive pieces, hands its verdicts to the loop,
/// and takes the next batch; other work of the disk gets its turn in between. Belongs to the loop.
/// </summary>
internal sealed class PieceCheck
{
    private readonly ContentStore _store;
    private readonly TorrentMetainfo _metainfo;
    private readonly FileLengths _lengths;
    private readonly int[] _pieces;
    private readonly Action<CheckProgress>? _progress;
    private readonly Action<CheckResult> _done;
    private readonly CancellationToken _cancellationToken;
    private readonly Bitfield _good;
    private readonly int _batch;
    private StorageException? _failure;
    private long _hashed;
    private int _next;
    private int _checked;
    private int _running;

    /// <summary>Makes a check; see <see cref="ContentStore.CheckPieces"/>.</summary>
    public PieceCheck(
        ContentStore store,
        Bitfield candidates,
        Action<CheckProgress>? progress,
        Action<CheckResult> done,
        CancellationToken cancellationToken)
    {
        _store = store;
        _metainfo = store.Metainfo;
        _lengths = new FileLengths(store.Files.Storage, _metainfo.Files.Count);
        _pieces = new int[candidates.Count];
        for (int piece = 0, count = 0; piece < candidates.Length; piece++)
        {
            if (candidates[piece])
                _pieces[count++] = piece;
        }

        _progress = progress;
        _done = done;
        _cancellationToken = cancellationToken;
        _good = new Bitfield(_metainfo.PieceCount);
        _batch = PieceChecker.PiecesPerBatch(_metainfo);
    }

    private bool IsStopped => _cancellationToken.IsCancellationRequested || _store.IsClosed;

    /// <summary>Begins.</summary>
    public void Start()
    {
        // One more than there are jobs, so that no job is the last before all have been begun.
        _running = 1;
        for (int worker = 0; worker < Math.Max(1, _store.Workers) && _next < _pieces.Length; worker++)
        {
            _running++;
            Continue(new BatchJob(this, worker));
        }

        End(job: null);
    }

    private void Continue(BatchJob job)
    {
        int count = Math.Min(_batch, _pieces.Length - _next);
        job.Take(_pieces.AsMemory(_next, count));
        _next += count;
        _store.BeginJob(job, job.Worker);
    }

    private void OnBatch(BatchJob job)
    {
        foreach (int piece in job.Good)
            _good.Add(piece);
        _checked += job.Checked;
        _hashed += job.Hashed;
        _failure ??= job.Failure;
        bool goesOn = _next < _pieces.Length && !IsStopped;
        if (goesOn)
            Continue(job);
        _store.EndJob();

        _progress?.Invoke(new CheckProgress(_checked, _pieces.Length, _good.Count));
        if (!goesOn)
            End(job);
    }

    private void End(BatchJob? job)
    {
        job?.Dispose();
        if (--_running == 0)
            _done(new CheckResult(_good, _failure, _hashed, IsCancelled: _checked < _pieces.Length));
    }

    private sealed class BatchJob(PieceCheck check, int worker) : DiskJob(check._store.Loop), IDisposable
    {
        private readonly PieceChecker _checker = new();
        private ReadOnlyMemory<int> _pieces;

        public int Worker { get; } = worker;

        public List<int> Good { get; } = [];

        public int Checked { get; private set; }

        public long Hashed { get; private set; }

        public StorageException? Failure { get; private set; }

        public void Take(ReadOnlyMemory<int> pieces)
        {
            _pieces = pieces;
            Good.Clear();
            Checked = 0;
            Hashed = 0;
            Failure = null;
        }

        public override void Execute()
        {
            foreach (int piece in _pieces.Span)
            {
                if (check._cancellationToken.IsCancellationRequested)
                    return;
                try
                {
                    PieceCondition condition = _checker.Check(check._metainfo, check._store.Files, check._lengths, piece);
                    if (condition == PieceCondition.Good)
                        Good.Add(piece);
                    if (condition != PieceCondition.Missing)
                        Hashed += check._metainfo.PieceLengthOf(piece);
                }
                catch (Exception e)
                {
                    // The edge of the disk thread: what cannot be read is not there, and the torrent is told why.
                    Failure ??= StorageException.From(e, StorageFailure.ReadFailed);
                }

                Checked++;
            }
        }

        public override void Run() => check.OnBatch(this);

        public void Dispose() => _checker.Dispose();
    }
}
