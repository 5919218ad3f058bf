using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Transfer;

/// <summary>Runs a session for <c>get</c> or <c>seed</c> from its first torrent to its last.</summary>
/// <param name="run">The environment.</param>
/// <param name="kind">Whether to download or to seed.</param>
/// <param name="settings">How.</param>
/// <param name="view">Whom to tell.</param>
internal sealed class TorrentTransfer(CommandRun run, TransferKind kind, TransferSettings settings, ITransferView view)
{
    private readonly TimeProvider _time = run.Environment.Time;
    private readonly List<ActiveTorrent> _torrents = [];
    private readonly Dictionary<Torrent, ActiveTorrent> _active = [];
    private volatile TaskCompletionSource _changed = NewSignal();
    private CommandException? _absent;

    /// <summary>Does it all.</summary>
    /// <param name="metainfos">The torrents.</param>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    /// <exception cref="CommandException">It could not be started.</exception>
    public async Task<ExitCode> RunAsync(IReadOnlyList<TorrentMetainfo> metainfos, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> peers = await settings.ResolvePeersAsync(cancellationToken);
        if (kind == TransferKind.Seed)
            metainfos = SkipAbsent(metainfos);
        await using Session session = await settings.StartSessionAsync(run, cancellationToken);
        var known = new HashSet<InfoHash>();
        foreach (TorrentMetainfo metainfo in metainfos)
        {
            if (known.Add(metainfo.InfoHashes.Wire))
                Follow(await session.AddAsync(metainfo, OptionsFor(metainfo, peers), cancellationToken));
            else
                run.Say($"{metainfo.Name} was named twice; it is taken once.");
        }

        view.Start(session, _torrents);
        TransferOutcome outcome = new(ExitCode.Done, "");
        await view.RunAsync(async () => outcome = await WatchAsync(session, cancellationToken));
        view.End(_torrents, outcome);
        return outcome.ExitCode;
    }

    private TorrentOptions OptionsFor(TorrentMetainfo metainfo, IReadOnlyList<IPEndPoint> peers)
    {
        if (settings.Select.Count > 0 && !metainfo.Files.Any(IsSelected))
            throw new CommandException(ExitCode.WrongUsage, $"no file of {metainfo.Name} fits --select.");

        return new TorrentOptions
        {
            Directory = settings.Directory,
            SeedOnly = kind == TransferKind.Seed,
            StopWhenComplete = kind == TransferKind.Get && settings.SeedRatio is null && settings.SeedTime is null,
            Peers = peers,
            MaxPeers = settings.MaxPeers ?? new TorrentOptions().MaxPeers,
            Sequential = settings.Sequential,
            Priority = settings.Select.Count == 0 ? null : file => IsSelected(file) ? FilePriority.Normal : FilePriority.Skip,
        };
    }

    private bool IsSelected(TorrentFile file) => !file.IsPadding && settings.Select.Any(glob => glob.Fits(file.DisplayPath));

    private void Follow(Torrent torrent)
    {
        var active = new ActiveTorrent(torrent, _time);
        _torrents.Add(active);
        _active.Add(torrent, active);
        torrent.StateChanged += (_, _) => _changed.TrySetResult();
    }

    private async Task<TransferOutcome> WatchAsync(Session session, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        SessionUpdates? updates = null;
        while (true)
        {
            updates = session.GetUpdates(updates);
            foreach (TorrentUpdate update in updates.Torrents)
                await LookAtAsync(_active[update.Torrent], update.Status, cancellationToken);
            if (settings.SeedTime is not null)
                FinishSeeded();
            view.Update(_torrents);

            if (cancellationToken.IsCancellationRequested)
                return Interrupt();
            if (!_torrents.Exists(static torrent => torrent.IsActive))
                return SumUp();

            TimeSpan wait = view.Interval;
            if (settings.Timeout is { } timeout && HasGaps)
            {
                TimeSpan left = timeout - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    return GiveUp(timeout);
                wait = left < wait ? left : wait;
            }

            await WaitAsync(wait, cancellationToken);
        }
    }

    private bool HasGaps => kind == TransferKind.Get && _torrents.Exists(static torrent => torrent.IsActive && !torrent.IsComplete);

    /// <summary>Waits for a while, or until a torrent has begun to do something else.</summary>
    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_changed.Task, Task.Delay(wait, _time, woken.Token));
        await woken.CancelAsync();

        // The look that follows sees all that has changed until now.
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LookAtAsync(ActiveTorrent torrent, TorrentStatus status, CancellationToken cancellationToken)
    {
        if (!torrent.IsActive)
            return;

        bool justChecked = torrent.Refresh(status);
        foreach (string warning in torrent.TakeNewWarnings())
        {
            run.Say($"{torrent.Name}: {warning}");
            view.ShowWarning(torrent, warning);
        }

        if (status.State == TorrentState.Failed)
        {
            torrent.Problem = TransferText.Explain(status.Error);
            run.Say(torrent.Problem.Message);
            return;
        }

        if (justChecked)
        {
            if (kind == TransferKind.Seed && !status.IsComplete)
            {
                await ReportGapsAsync(torrent, cancellationToken);
                if (!torrent.IsActive)
                    return;
            }

            view.ShowChecked(torrent);
        }

        if (torrent.IsChecked && status.IsComplete && !torrent.IsComplete)
        {
            torrent.IsComplete = true;
            view.ShowComplete(torrent);
        }

        torrent.IsFinished = torrent.IsChecked && HasReachedGoal(torrent);
    }

    private bool HasReachedGoal(ActiveTorrent torrent)
    {
        if (kind == TransferKind.Get && !torrent.IsComplete)
            return false;
        if (settings.SeedRatio is null && settings.SeedTime is null)
            return kind == TransferKind.Get;

        return torrent.Status.Ratio >= settings.SeedRatio || torrent.SeedingTime >= settings.SeedTime;
    }

    private void FinishSeeded()
    {
        foreach (ActiveTorrent torrent in _torrents)
            torrent.IsFinished = torrent.IsFinished || (torrent.IsActive && torrent.IsChecked && HasReachedGoal(torrent));
    }

    // Before anything is opened, so that a wrong folder is one line and not a table.
    private List<TorrentMetainfo> SkipAbsent(IReadOnlyList<TorrentMetainfo> metainfos)
    {
        var present = new List<TorrentMetainfo>();
        foreach (TorrentMetainfo metainfo in metainfos)
        {
            string[] missing = MissingFilesOf(metainfo);
            if (missing.Length == 0 || missing.Length < metainfo.Files.Count(IsContent))
            {
                present.Add(metainfo);
                continue;
            }

            var problem = new CommandException(
                ExitCode.CannotRead, $"the content of {metainfo.Name} is not in {settings.Directory}: no such file: {FileNames.Join(missing)}.");
            if (metainfos.Count == 1)
                throw problem;
            run.Say(problem.Message);
            _absent ??= problem;
        }

        return present.Count > 0 ? present : throw new CommandException(ExitCode.CannotRead, "there is nothing to seed.");
    }

    private async Task ReportGapsAsync(ActiveTorrent torrent, CancellationToken cancellationToken)
    {
        string[] missing = MissingFilesOf(torrent.Torrent.Metainfo);
        if (torrent.Status.BytesCompleted > 0)
        {
            string gap = missing.Length == 0 ? "the rest does not verify" : $"missing: {FileNames.Join(missing)}";
            run.Say($"only {Percent.Format(torrent.Status.Progress)} of {torrent.Name} is here and verifies, and is offered; {gap}.");
            return;
        }

        torrent.Problem = new CommandException(
            ExitCode.DoesNotVerify, $"nothing of what {settings.Directory} holds of {torrent.Name} verifies.");
        run.Say(torrent.Problem.Message);
        await torrent.Torrent.StopAsync(cancellationToken);
    }

    private string[] MissingFilesOf(TorrentMetainfo metainfo) =>
    [
        .. metainfo.Files
            .Where(file => IsContent(file) && !File.Exists(PathOf(file.Path)) && !File.Exists(PathOf(file.ExactPath)))
            .Select(static file => file.DisplayPath),
    ];

    private static bool IsContent(TorrentFile file) => file is { IsPadding: false, SymlinkTarget: null };

    private string PathOf(IReadOnlyList<string> path) => Path.Combine([settings.Directory, .. path]);

    private TransferOutcome SumUp() => (_torrents.Find(static torrent => torrent.Problem is not null)?.Problem ?? _absent) is { } problem
        ? new TransferOutcome(problem.ExitCode, problem.Message)
        : new TransferOutcome(ExitCode.Done, "");

    private TransferOutcome Interrupt()
    {
        string message = HasGaps ? "interrupted; the same command goes on from here." : "interrupted.";
        run.Say($"{message} Stopping cleanly; once more stops at once.");
        return new TransferOutcome(ExitCode.Interrupted, message);
    }

    private TransferOutcome GiveUp(TimeSpan timeout)
    {
        IEnumerable<string> unfinished = _torrents.Where(static torrent => torrent.IsActive && !torrent.IsComplete).Select(static torrent =>
            $"{torrent.Name} at {Percent.Format(torrent.Status.Progress)}" + (torrent.Status.PeersConnected == 0 ? ", no peers" : ""));
        string message = $"stopped after {Duration.Format(timeout)}: {string.Join("; ", unfinished)}. The same command goes on from here.";
        run.Say(message);
        return new TransferOutcome(ExitCode.Unfinished, message);
    }
}
