using System.Runtime.ExceptionServices;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>
/// Hashes the pieces of a torrent being made, on several threads. Each takes a run of pieces that lie together, reads and hashes it,
/// and takes the next; so the disk is read nearly in order, and nobody waits for anybody.
/// </summary>
internal sealed class PieceHasher
{
    private const int RunLength = 8 << 20;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private readonly ContentLayout _layout;
    private readonly PieceHashes _hashes;
    private readonly int _pieceCount;
    private readonly int _runPieces;
    private int _nextRun;
    private long _bytesHashed;
    private Exception? _failure;

    /// <summary>Prepares to hash.</summary>
    /// <param name="layout">What to hash, as pieces.</param>
    /// <param name="version">Which hashes are needed.</param>
    public PieceHasher(ContentLayout layout, TorrentVersion version)
    {
        _layout = layout;
        _pieceCount = (int)layout.PieceCount;
        _runPieces = Math.Max(1, RunLength / layout.PieceLength);
        _hashes = new PieceHashes(
            version == TorrentVersion.V2 ? [] : new byte[_pieceCount * InfoHash.Length],
            version == TorrentVersion.V1 ? [] : new byte[_pieceCount * MerkleTree.HashLength]);
    }

    /// <summary>Hashes everything. Can be called once.</summary>
    /// <param name="workers">How many threads to use.</param>
    /// <param name="time">The pace of the reports.</param>
    /// <param name="progress">Told how far it is, by one thread at a time.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="TorrentCreateException">A file cannot be read or was changed.</exception>
    public async Task<PieceHashes> HashAsync(
        int workers, TimeProvider time, IProgress<TorrentCreateProgress>? progress, CancellationToken cancellationToken)
    {
        int runs = (_pieceCount + _runPieces - 1) / _runPieces;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks = new Task[Math.Min(workers, runs)];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Factory.StartNew(
                () => Work(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Task all = Task.WhenAll(tasks);
        while (progress is not null && !all.IsCompleted && !stop.IsCancellationRequested)
        {
            progress.Report(new TorrentCreateProgress(Volatile.Read(ref _bytesHashed), _layout.ContentLength));
            await Task.WhenAny(all, Task.Delay(ReportInterval, time, stop.Token)).ConfigureAwait(false);
        }

        await all.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);

        progress?.Report(new TorrentCreateProgress(_layout.ContentLength, _layout.ContentLength));
        return _hashes;
    }

    // A worker's failure is kept, and stops the others: the first one is what the caller hears of.
    private void Work(CancellationTokenSource stop)
    {
        try
        {
            using PieceHashWorker worker = new(_layout, _hashes);
            while (true)
            {
                int first = (Interlocked.Increment(ref _nextRun) - 1) * _runPieces;
                for (int piece = first; piece < Math.Min(first + _runPieces, _pieceCount); piece++)
                    Interlocked.Add(ref _bytesHashed, worker.Hash(piece, stop.Token));

                if (first + _runPieces >= _pieceCount)
                    return;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Either the caller asked for it, or another worker's failure is the one to report.
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            stop.Cancel();
        }
    }
}
