using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>
/// Compares what is on disk with a torrent, v1, v2 or hybrid, without a session and without writing anything. The pieces
/// of a hybrid have to match in both formats (BEP 52).
/// </summary>
/// <remarks>
/// A file that is longer than it should be is named, though all of its pieces match: it is not the file the torrent
/// describes, and a copy of it would differ. (A session seeds from such a file, and cuts it when it has to write to it.)
/// Symbolic links (BEP 47) hold no content and are not looked at.
/// </remarks>
public static class ContentVerifier
{
    private const int MaxThreads = 8;

    /// <summary>Hashes the content, on all processors.</summary>
    /// <param name="metainfo">What the content should be.</param>
    /// <param name="directory">The folder it is in: for a torrent of several files, the one that holds the folder of its name.</param>
    /// <param name="progress">Told now and then, one report at a time, from any thread; or null.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>What was found. A file that cannot be read is named in it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<VerifyResult> VerifyAsync(
        TorrentMetainfo metainfo,
        string directory,
        IProgress<VerifyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        ArgumentException.ThrowIfNullOrEmpty(directory);

        using var storage = new FileStorage(metainfo, directory, readOnly: true);
        var run = new VerifyRun(metainfo, storage, progress, cancellationToken);
        int threads = Math.Clamp(Environment.ProcessorCount, 1, MaxThreads);
        var tasks = new Task[threads];
        for (int i = 0; i < threads; i++)
            tasks[i] = Task.Factory.StartNew(run.Work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(tasks).ConfigureAwait(false);
        return run.Conclude();
    }
}
