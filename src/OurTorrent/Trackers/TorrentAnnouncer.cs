using System.Net;
using OurTorrent.Loop;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Keeps the trackers of one torrent informed, and hands on the peers they name. Belongs to the loop's thread.</summary>
internal sealed class TorrentAnnouncer
{
    private readonly EngineLoop _loop;
    private readonly ITrackerTransport _transport;
    private readonly InfoHash _infoHash;
    private readonly PeerId _peerId;
    private readonly Func<AnnounceTotals> _totals;
    private readonly Action<IReadOnlyList<IPEndPoint>> _onPeers;
    private readonly AnnouncerOptions _options;
    private readonly AnnounceSchedule _schedule;
    private readonly LoopTimer _timer;
    private readonly Dictionary<TrackerEntry, ITrackerCall> _calls = [];
    private readonly List<ITrackerCall> _farewells = [];
    private readonly HashSet<TrackerEntry> _lastWords = [];
    private readonly List<Action> _stopped = [];
    private readonly LoopTimer _stopTimer;
    private int _farewellsOpen;

    /// <summary>Prepares to announce; nothing is sent before <see cref="Start"/>.</summary>
    /// <param name="loop">The loop this lives on.</param>
    /// <param name="transport">Carries the announces.</param>
    /// <param name="infoHash">The info-hash that names the torrent on the wire.</param>
    /// <param name="peerId">The client's id.</param>
    /// <param name="tiers">The tiers of announce URLs (BEP 12).</param>
    /// <param name="totals">Asked at each announce for what to tell.</param>
    /// <param name="onPeers">Told of the peers of each good answer; may name this client itself, and peers known already.</param>
    /// <param name="random">Shuffles the tiers, and spreads the retries.</param>
    /// <param name="options">How to ask; the defaults unless given.</param>
    public TorrentAnnouncer(
        EngineLoop loop,
        ITrackerTransport transport,
        InfoHash infoHash,
        PeerId peerId,
        IEnumerable<IEnumerable<string>> tiers,
        Func<AnnounceTotals> totals,
        Action<IReadOnlyList<IPEndPoint>> onPeers,
        Random random,
        AnnouncerOptions? options = null)
    {
        _loop = loop;
        _transport = transport;
        _infoHash = infoHash;
        _peerId = peerId;
        _totals = totals;
        _onPeers = onPeers;
        _options = options ?? new AnnouncerOptions();
        _schedule = new AnnounceSchedule(tiers, random, _options);
        _timer = loop.CreateTimer(Advance);
        _stopTimer = loop.CreateTimer(EndStop);
    }

    /// <summary>This client's address, as the last tracker that told saw it (BEP 24), or null.</summary>
    public IPAddress? ExternalAddress { get; private set; }

    private bool IsRunning { get; set; }

    /// <summary>Begins to announce; does nothing when it has begun.</summary>
    /// <param name="complete">Whether the content is whole already, so that its completion is no news.</param>
    public void Start(bool complete)
    {
        if (IsRunning)
            return;

        // A farewell still under way must not overtake the greeting.
        EndStop();
        IsRunning = true;
        _schedule.Start(_loop.Now, complete);
        Advance();
    }

    /// <summary>The content has just become whole: trackers that knew otherwise are told at once.</summary>
    public void Completed()
    {
        _schedule.Complete(_loop.Now);
        Advance();
    }

    /// <summary>Peers are few: asks trackers that work as soon as they allow. Cheap; to be called as long as it is so.</summary>
    public void NeedPeers()
    {
        _schedule.NeedPeers(_loop.Now);
        Advance();
    }

    /// <summary>
    /// Ends the announcing and tells the trackers, for a few seconds at the most: first that we are complete, where that is
    /// news to them, so that even the shortest download counts as one; then that we leave.
    /// </summary>
    /// <param name="done">Called once all have answered or the time is over; at once when there is nobody to tell.</param>
    public void Stop(Action done)
    {
        _stopped.Add(done);
        if (IsRunning)
        {
            IsRunning = false;
            _timer.Cancel();
            TimeSpan limit = TimeSpan.Zero;
            foreach (Farewell farewell in _schedule.Stop())
            {
                TimeSpan patience = farewell.KnowsUs ? _options.StopLimit : _options.StrangerStopLimit;
                limit = patience > limit ? patience : limit;
                _farewellsOpen++;
                if (farewell.IsHearingCompleted)
                    _lastWords.Add(farewell.Entry);
                else if (farewell.OwesCompleted)
                    SendLast(farewell.Entry, AnnounceEvent.Completed, () => SendLast(farewell.Entry, AnnounceEvent.Stopped, EndFarewell));
                else
                    SendLast(farewell.Entry, AnnounceEvent.Stopped, EndFarewell);
            }

            foreach ((TrackerEntry entry, ITrackerCall call) in _calls)
            {
                if (!_lastWords.Contains(entry))
                    call.Cancel();
            }

            if (_farewellsOpen > 0)
                _stopTimer.Set(limit);
        }

        if (_farewellsOpen == 0)
            EndStop();
    }

    /// <summary>Adds a tracker, in a tier of its own behind all others.</summary>
    /// <param name="url">The announce URL.</param>
    /// <returns>Whether it is new.</returns>
    public bool Add(string url)
    {
        bool added = _schedule.Add(url, _loop.Now);
        Advance();
        return added;
    }

    /// <summary>How it stands with each tracker, in the order of the torrent.</summary>
    public IReadOnlyList<TrackerStatus> Snapshot()
    {
        TimeSpan now = _loop.Now;
        var snapshot = new TrackerStatus[_schedule.Tiers.All.Count];
        for (int i = 0; i < snapshot.Length; i++)
        {
            TrackerEntry entry = _schedule.Tiers.All[i];
            snapshot[i] = new TrackerStatus
            {
                Url = entry.Url,
                Tier = entry.Tier,
                State = entry.State,
                Error = entry.Error,
                Warning = entry.Response?.Warning,
                Seeders = entry.Response?.Seeders,
                Leechers = entry.Response?.Leechers,
                Completed = entry.Response?.Completed,
                PeersReceived = entry.Response?.Peers.Count ?? 0,
                LastAnnounce = now - entry.AnsweredAt,
                NextAnnounce = _schedule.NextOf(entry) is { } next ? (next > now ? next - now : TimeSpan.Zero) : null,
            };
        }

        return snapshot;
    }

    private void Advance()
    {
        if (!IsRunning)
            return;

        while (true)
        {
            AnnounceTotals totals = _totals();
            if (_schedule.TryNext(_loop.Now, totals.Left > 0, totals.IsPartialSeed) is not { } entry)
                break;

            _calls[entry] = _transport.Announce(
                entry.Url,
                RequestFor(entry, entry.Asking ?? AnnounceEvent.None),
                _options.AnnounceLimit,
                (response, failure) => OnDone(entry, response, failure));
        }

        if (_schedule.NextWake is { } wake)
            _timer.Set(wake - _loop.Now);
        else
            _timer.Cancel();
    }

    private AnnounceRequest RequestFor(TrackerEntry entry, AnnounceEvent announceEvent)
    {
        AnnounceTotals totals = _totals();
        return new AnnounceRequest
        {
            InfoHash = _infoHash,
            PeerId = _peerId,
            Port = totals.Port,
            Uploaded = totals.Uploaded,
            Downloaded = totals.Downloaded,
            Left = totals.Left,
            Event = announceEvent,
            NumWant = announceEvent == AnnounceEvent.Stopped ? 0 : totals.NumWant,
            Key = entry.Key,
            TrackerId = entry.TrackerId,
        };
    }

    private void OnDone(TrackerEntry entry, AnnounceResponse? response, TrackerFailure? failure)
    {
        _calls.Remove(entry);
        if (_lastWords.Remove(entry))
        {
            SendLast(entry, AnnounceEvent.Stopped, EndFarewell);
            return;
        }

        if (response is not null)
        {
            _schedule.OnAnswered(entry, response, _loop.Now);
            ExternalAddress = response.ExternalAddress ?? ExternalAddress;
        }
        else if (failure is not null)
        {
            _schedule.OnFailed(entry, failure, _loop.Now);
        }

        if (response is { Peers.Count: > 0 })
            _onPeers(response.Peers);
        Advance();
    }

    private void SendLast(TrackerEntry entry, AnnounceEvent announceEvent, Action then) =>
        _farewells.Add(_transport.Announce(entry.Url, RequestFor(entry, announceEvent), _options.StopLimit, (_, _) => then()));

    private void EndFarewell()
    {
        if (--_farewellsOpen == 0)
            EndStop();
    }

    private void EndStop()
    {
        _stopTimer.Cancel();
        foreach (ITrackerCall call in _farewells)
            call.Cancel();
        foreach (ITrackerCall call in _calls.Values)
            call.Cancel();
        _farewells.Clear();
        _calls.Clear();
        _lastWords.Clear();
        _farewellsOpen = 0;
        Action[] stopped = [.. _stopped];
        _stopped.Clear();
        foreach (Action done in stopped)
            done();
    }
}
