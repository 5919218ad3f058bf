using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>One verification: what several threads have found so far.</summary>
internal sealed class VerifyRun
{
    private readonly TorrentMetainfo _metainfo;
    private readonly FileStorage _storage;
    private readonly ContentFiles _files;
    private readonly FileLengths _lengths;
    private readonly IProgress<VerifyProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly Lock _gate = new();
    private readonly PieceCondition[] _conditions;
    private readonly Dictionary<int, StorageException> _errors = [];
    private readonly int _batch;
    private int _next;
    private int _checked;
    private int _good;

    /// <summary>Makes a run that has found nothing.</summary>
    public VerifyRun(TorrentMetainfo metainfo, FileStorage storage, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        _metainfo = metainfo;
        _storage = storage;
        _files = new ContentFiles(metainfo, storage);
        _lengths = new FileLengths(storage, metainfo.Files.Count);
        _progress = progress;
        _cancellationToken = cancellationToken;
        _conditions = new PieceCondition[metainfo.PieceCount];
        _batch = PieceChecker.PiecesPerBatch(metainfo);
    }

    /// <summary>Looks at batches of pieces until none is left; one thread's share of the work.</summary>
    public void Work()
    {
        using var checker = new PieceChecker();
        for (int first = Take(); first < _conditions.Length; first = Take())
        {
            int end = Math.Min(_conditions.Length, first + _batch);
            int good = 0;
            for (int piece = first; piece < end; piece++)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _conditions[piece] = Check(checker, piece);
                good += _conditions[piece] == PieceCondition.Good ? 1 : 0;
            }

            lock (_gate)
            {
                _checked += end - first;
                _good += good;
                _progress?.Report(new VerifyProgress(_checked, _conditions.Length, _good));
            }
        }
    }

    /// <summary>Sums up, once all threads are done.</summary>
    public VerifyResult Conclude()
    {
        var bad = new List<BadFile>();
        foreach (TorrentFile file in _metainfo.Files)
        {
            const TorrentFileAttributes NoContent = TorrentFileAttributes.Padding | TorrentFileAttributes.Symlink;
            if ((file.Attributes & NoContent) == TorrentFileAttributes.None && Look(file) is { } problem)
                bad.Add(problem);
        }

        return new VerifyResult(_conditions.Length, _good, bad);
    }

    // Past the end it goes on counting, once for each thread: far from overflowing, as pieces are at most 2^31 / 20.
    private int Take() => Interlocked.Add(ref _next, _batch) - _batch;

    private PieceCondition Check(PieceChecker checker, int piece)
    {
        try
        {
            return checker.Check(_metainfo, _files, _lengths, piece);
        }
        catch (StorageException e)
        {
            NoteError(piece, e);
            return PieceCondition.Missing;
        }
    }

    private void NoteError(int piece, StorageException error)
    {
        foreach (StorageSpan span in _files.Map.SpansOf(piece, 0, _metainfo.PieceLengthOf(piece)))
        {
            if (span.IsGap || !string.Equals(_storage.PathOf(span.File), error.Path, StringComparison.Ordinal))
                continue;
            lock (_gate)
                _errors.TryAdd(span.File, error);
        }
    }

    private BadFile? Look(TorrentFile file)
    {
        long length;
        _errors.TryGetValue(file.Index, out StorageException? error);
        try
        {
            length = _lengths.Of(file.Index);
        }
        catch (StorageException e)
        {
            error = e;
            length = -1;
        }

        int corrupt = 0;
        for (int piece = file.FirstPiece; piece < file.EndPiece; piece++)
            corrupt += _conditions[piece] == PieceCondition.Corrupt ? 1 : 0;

        FileProblem? problem = null;
        if (error is not null)
            problem = FileProblem.Unreadable;
        else if (length < 0)
            problem = FileProblem.Missing;
        else if (length < file.Length)
            problem = FileProblem.TooShort;
        else if (corrupt > 0)
            problem = FileProblem.Corrupt;
        else if (length > file.Length)
            problem = FileProblem.TooLong;
        if (problem is null)
            return null;

        return new BadFile(file, _storage.PathOf(file.Index), problem.Value)
        {
            ActualLength = length < 0 ? null : length,
            CorruptPieces = corrupt,
            Error = error,
        };
    }
}
