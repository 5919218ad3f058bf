using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>Makes torrents of files and folders: v1 (BEP 3), v2 and hybrid (BEP 52).</summary>
public static class TorrentCreator
{
    /// <summary>
    /// Makes a torrent. Every file of a folder is taken, hidden and empty ones too, in the order of their names' bytes, so that
    /// the same content gives the same info-hash everywhere.
    /// </summary>
    /// <param name="path">
    /// The file or folder. Symbolic links in a folder are followed to files of that folder; any other link is an error.
    /// </param>
    /// <param name="options">What the torrent says besides; the defaults where null.</param>
    /// <param name="progress">Told a few times a second how far the hashing is, and once at its end.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>The torrent; nothing is written yet.</returns>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="TorrentCreateException">A file or folder is in the way of it.</exception>
    public static async Task<CreatedTorrent> CreateAsync(
        string path,
        TorrentCreateOptions? options = null,
        IProgress<TorrentCreateProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new TorrentCreateOptions();
        options.Validate();
        (ContentSource source, ContentLayout layout) =
            await Task.Run(() => Prepare(path, options, cancellationToken), cancellationToken).ConfigureAwait(false);

        PieceHashes hashes = await new PieceHasher(layout, options.Version)
            .HashAsync(options.Workers, options.TimeProvider, progress, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Finish(source, layout, hashes, options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static (ContentSource Source, ContentLayout Layout) Prepare(
        string path, TorrentCreateOptions options, CancellationToken cancellationToken)
    {
        ContentSource source = ContentSource.Scan(path, options.Name, cancellationToken);
        int pieceLength = options.PieceLength ?? TorrentCreateOptions.ChoosePieceLength(source.TotalLength);
        ContentLayout layout = new(source.Files, pieceLength, alignsFiles: options.Version != TorrentVersion.V1);
        if (layout.PieceCount <= TorrentMetainfo.MaxPieceCount)
            return (source, layout);

        throw new TorrentCreateException(
            TorrentCreateErrorKind.TooLarge,
            source.Root,
            $"{source.Root} would have {layout.PieceCount} pieces of {pieceLength} bytes; "
            + $"at most {TorrentMetainfo.MaxPieceCount} are possible. Choose longer pieces.");
    }

    private static CreatedTorrent Finish(
        ContentSource source, ContentLayout layout, PieceHashes hashes, TorrentCreateOptions options, CancellationToken cancellationToken)
    {
        foreach (SourceFile file in source.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.RequireUnchanged();
        }

        MetainfoBuilder builder = new()
        {
            Version = options.Version,
            Name = source.Name,
            PieceLength = layout.PieceLength,
            Files = new HashedContent(layout, hashes).Describe(source.IsSingleFile, listsPadding: options.Version == TorrentVersion.Hybrid),
            PieceHashes = hashes.V1,
            IsPrivate = options.IsPrivate,
            Source = options.Source,
            Trackers = options.Trackers,
            WebSeeds = options.WebSeeds,
            Comment = options.Comment,
            CreatedBy = options.CreatedBy,
            CreationDate = options.WithCreationDate ? options.TimeProvider.GetUtcNow() : null,
        };
        return new CreatedTorrent(builder.Build());
    }
}
