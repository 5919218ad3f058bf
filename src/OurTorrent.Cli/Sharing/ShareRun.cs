using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Cli.Create;
using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Transfer;
using OurTorrent.Creation;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Sharing;

/// <summary>Shares one file or folder, from making its torrent to the last friend.</summary>
/// <param name="run">The environment.</param>
/// <param name="settings">What, and how.</param>
/// <param name="view">Whom to tell.</param>
internal sealed class ShareRun(CommandRun run, ShareSettings settings, IShareView view)
{
    // A friend's client that has become complete tells the tracker so, and leaves: that shall not fail because we are quicker.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarewellLook = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time = run.Environment.Time;
    private readonly CompleteCopies _copies = new();
    private readonly Newcomers _newcomers = new(run.Environment.Time);
    private int _copiesTold;

    /// <summary>Does it all.</summary>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    /// <exception cref="CommandException">It could not be started.</exception>
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> peers = await settings.Transfer.ResolvePeersAsync(cancellationToken);
        CreatedTorrent created = await TorrentMaker.CreateAsync(run, settings.Given, settings.Path, settings.Torrent, cancellationToken);
        TorrentMetainfo made = created.Metainfo;
        IReadOnlyList<IPAddress> own = OurAddresses.Find(settings.Transfer.Bind);
        await using ShareTracker tracker = await ShareTracker.StartAsync(
            run, made.InfoHashes, settings.ListenAddress, settings.TrackerPort, cancellationToken);
        await using Session session = await settings.Transfer.StartSessionAsync(run, cancellationToken);
        int port = session.ListenEndPoints[0].Port;
        view.Listen(session);

        string[] hosts = [.. settings.Addresses.Concat(own.Select(static address => address.ToString())).Distinct(StringComparer.OrdinalIgnoreCase)];
        var links = new ShareLinks(made, hosts, tracker.HttpPort, tracker.UdpPort, port);
        await OfferAsync(tracker, links, cancellationToken);
        ActiveTorrent torrent = await SeedAsync(session, made, peers, cancellationToken);
        tracker.PeerChanged += NotePeer;
        torrent.Torrent.PeerCompleted += (_, peer) => _copies.Saw(peer);
        tracker.TellOfUs(await FindPlacesAsync(own, port, cancellationToken));

        view.Start(settings, links);
        WarnOfInnerAddress(own, tracker.HttpPort, port);
        TransferOutcome outcome = new(ExitCode.Done, "");
        long started = _time.GetTimestamp();
        await view.RunAsync(async () => outcome = await WatchAsync(session, torrent, tracker, started, cancellationToken));
        view.End(StateOf(torrent, tracker, started), outcome);
        return outcome.ExitCode;
    }

    private void NotePeer(PeerEvent change)
    {
        _copies.Note(change);
        if (change.Change == PeerChange.Joined)
            _newcomers.Add(change.PeerId, change.Peer.ToEndPoint());
    }

    private async Task OfferAsync(ShareTracker tracker, ShareLinks links, CancellationToken cancellationToken)
    {
        byte[] bytes = links.Torrent.ToBytes();
        tracker.Serve(links.FilePath, bytes);
        if (settings.TorrentFile is { } target)
            await TorrentMaker.SaveAsync(() => File.WriteAllBytesAsync(target, bytes, cancellationToken), target);
    }

    private async Task<ActiveTorrent> SeedAsync(
        Session session, TorrentMetainfo made, IReadOnlyList<IPEndPoint> peers, CancellationToken cancellationToken)
    {
        var options = new TorrentOptions
        {
            Directory = settings.Transfer.Directory,
            SeedOnly = true,
            Peers = peers,
            MaxPeers = settings.Transfer.MaxPeers ?? new TorrentOptions().MaxPeers,
        };
        if (!string.Equals(made.Name, Path.GetFileName(settings.Path), StringComparison.Ordinal))
            options = options with { Storage = RenamedContent.Open(made, settings.Path) };

        var torrent = new ActiveTorrent(await session.AddAsync(made, options, cancellationToken), _time);
        using (var line = new ProgressLine(run.Environment))
        {
            while (!torrent.Torrent.Checked.IsCompleted)
            {
                torrent.Refresh(torrent.Torrent.Status);
                line.Show(() => $"Checking: {Percent.Format(torrent.Status.CheckProgress)}");
                await Task.WhenAny(torrent.Torrent.Checked, Task.Delay(FarewellLook, _time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        torrent.Refresh(torrent.Torrent.Status);
        if (torrent.Status.Error is { } error)
            throw TransferText.Explain(error);
        return torrent.Status.IsComplete
            ? torrent
            : throw new CommandException(ExitCode.DoesNotVerify, $"{settings.Given} has changed while it was being read; share it again when nobody writes to it.");
    }

    // Where peers find us: at our own addresses, and at those that were named.
    private async Task<IReadOnlyList<CompactPeer>> FindPlacesAsync(IReadOnlyList<IPAddress> own, int port, CancellationToken cancellationToken)
    {
        var places = new List<IPAddress>();
        foreach (string host in settings.Addresses)
        {
            try
            {
                places.AddRange(await Dns.GetHostAddressesAsync(host, cancellationToken));
            }
            catch (SocketException e)
            {
                run.Say($"{host} is not known here ({e.Message.TrimEnd('.')}): friends that reach the tracker by it may not find us.");
            }
        }

        places.AddRange(own);
        return [.. places.Distinct().Select(address => CompactPeer.From(new IPEndPoint(address, port)))];
    }

    private void WarnOfInnerAddress(IReadOnlyList<IPAddress> own, int trackerPort, int port)
    {
        if (IPAddress.IsLoopback(own[0]))
        {
            if (settings.Transfer.Bind is null)
                run.Say("this machine has no network: only programs on it can reach it.");
        }
        else if (settings.Addresses.Count == 0 && own.All(OurAddresses.IsInner))
        {
            run.Say(string.Create(CultureInfo.InvariantCulture, $"{own[0]} is reached from your own network only. For friends elsewhere forward the ports {trackerPort} (TCP and UDP) and {port} (TCP) in your router, and say --address with its name or address."));
        }
    }

    private async Task<TransferOutcome> WatchAsync(
        Session session, ActiveTorrent torrent, ShareTracker tracker, long started, CancellationToken cancellationToken)
    {
        SessionUpdates? updates = null;
        while (true)
        {
            updates = session.GetUpdates(updates);
            foreach (TorrentUpdate update in updates.Torrents)
                LookAt(torrent, update.Status);
            if (torrent.Problem is { } problem)
                return new TransferOutcome(problem.ExitCode, problem.Message);

            TellOfCopies();
            foreach (IPEndPoint newcomer in _newcomers.Take(torrent.Peers))
                torrent.Torrent.AddPeer(newcomer);
            tracker.KeepTelling();
            ShareState state = StateOf(torrent, tracker, started);
            view.Update(state);
            if (cancellationToken.IsCancellationRequested)
            {
                run.Say("interrupted. Stopping cleanly; once more stops at once.");
                return new TransferOutcome(ExitCode.Interrupted, "interrupted.");
            }

            if (HasReachedGoal(torrent))
            {
                await SayFarewellAsync(torrent, tracker, started, cancellationToken);
                return new TransferOutcome(ExitCode.Done, "");
            }

            if (state.TimeLeft <= TimeSpan.Zero)
                return EndInTime();

            TimeSpan wait = state.TimeLeft is { } left && left < view.Interval ? left : view.Interval;
            await Task.WhenAny(Task.Delay(wait, _time, cancellationToken));
        }
    }

    private void LookAt(ActiveTorrent torrent, TorrentStatus status)
    {
        torrent.Refresh(status);
        foreach (string warning in torrent.TakeNewWarnings())
        {
            run.Say($"{torrent.Name}: {warning}");
            view.ShowWarning(warning);
        }

        if (status.State == TorrentState.Failed)
        {
            torrent.Problem = TransferText.Explain(status.Error);
            run.Say(torrent.Problem.Message);
        }
    }

    private void TellOfCopies()
    {
        foreach (CompleteCopy copy in _copies.TakeNew())
            view.ShowCopy(copy, ++_copiesTold, settings.StopAfter);
    }

    private bool HasReachedGoal(ActiveTorrent torrent) =>
        _copiesTold >= settings.StopAfter
        || torrent.Status.Ratio >= settings.Transfer.SeedRatio
        || torrent.SeedingTime >= settings.Transfer.SeedTime;

    private async Task SayFarewellAsync(ActiveTorrent torrent, ShareTracker tracker, long started, CancellationToken cancellationToken)
    {
        long begun = _time.GetTimestamp();
        while (_time.GetElapsedTime(begun) < Farewell && !cancellationToken.IsCancellationRequested
            && (_copies.AnnouncedCount < _copies.Count || tracker.Others is not { Seeders: 0, Leechers: 0 }))
        {
            await Task.WhenAny(Task.Delay(FarewellLook, _time, cancellationToken));
            torrent.Refresh(torrent.Torrent.Status);
            TellOfCopies();
            view.Update(StateOf(torrent, tracker, started));
        }
    }

    private TransferOutcome EndInTime()
    {
        string time = Duration.Format(settings.For ?? default);
        if (settings.StopAfter is not { } wanted)
            return new TransferOutcome(ExitCode.Done, "");

        string message = string.Create(
            CultureInfo.InvariantCulture, $"stopped after {time}: {_copies.Count} of {Words.Count(wanted, "copy", "copies")} complete.");
        run.Say(message);
        return new TransferOutcome(ExitCode.Unfinished, message);
    }

    private ShareState StateOf(ActiveTorrent torrent, ShareTracker tracker, long started) => new(
        torrent, tracker.Others, _copies, settings.StopAfter, settings.For is { } time ? time - _time.GetElapsedTime(started) : null);
}
