using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>
/// Decides which tracker of a torrent is asked when, and with which event (BEP 3, BEP 12). Plain decisions: the time comes in,
/// the trackers to ask come out.
/// </summary>
internal sealed class AnnounceSchedule
{
    private readonly AnnouncerOptions _options;
    private readonly Random _random;
    private readonly HashSet<TrackerEntry> _triedThisRound = [];
    private TimeSpan? _roundDue;
    private TrackerEntry? _lastAnswering;
    private bool _running;
    private bool _complete;

    public AnnounceSchedule(IEnumerable<IEnumerable<string>> tiers, Random random, AnnouncerOptions options)
    {
        _options = options;
        _random = random;
        Tiers = new TrackerTiers(tiers, random, options.MaxTrackers);
    }

    public TrackerTiers Tiers { get; }

    /// <summary>When <see cref="TryNext"/> is to be called again, or null when only an answer can change anything.</summary>
    public TimeSpan? NextWake
    {
        get
        {
            if (!_running)
                return null;

            if (!_options.AnnounceToAll)
                return Asking > 0 ? null : _roundDue;

            if (Asking >= _options.MaxConcurrent)
                return null;

            TimeSpan? wake = null;
            foreach (TrackerEntry entry in Tiers.All)
            {
                if (entry.Asking is null && DueOf(entry) is { } due && !(wake < due))
                    wake = due;
            }

            return wake;
        }
    }

    private int Asking { get; set; }

    /// <summary>Begins a run: every tracker is to hear that we started.</summary>
    public void Start(TimeSpan now, bool complete)
    {
        _running = true;
        _complete = complete;
        _lastAnswering = null;
        _triedThisRound.Clear();
        _roundDue = now;
        Asking = 0;
        foreach (TrackerEntry entry in Tiers.All)
            entry.Reset();
    }

    /// <summary>The last piece has come: the trackers that knew us as incomplete are told at once.</summary>
    public void Complete(TimeSpan now)
    {
        if (_complete)
            return;

        _complete = true;
        foreach (TrackerEntry entry in Tiers.All)
        {
            if (entry.AwaitsCompletion)
                AskBy(entry, now);
        }
    }

    /// <summary>Peers are few: trackers that work are asked before their interval is over, though not before their least one.</summary>
    public void NeedPeers(TimeSpan now)
    {
        foreach (TrackerEntry entry in Tiers.All)
        {
            if (entry is { State: TrackerState.Working, Asking: null, AnsweredAt: { } answered, Response: { } response } &&
                (_options.AnnounceToAll || entry == _lastAnswering))
            {
                TimeSpan early = answered + EarlyGap(entry, response);
                AskBy(entry, early > now ? early : now);
            }
        }
    }

    /// <summary>Ends the run.</summary>
    /// <returns>The trackers that are to hear of it: those that know, or may by now know, that we started.</returns>
    public IReadOnlyList<Farewell> Stop()
    {
        if (!_running)
            return [];

        _running = false;
        Asking = 0;
        var told = new List<Farewell>();
        foreach (TrackerEntry entry in Tiers.All)
        {
            if ((entry.HeardStarted || entry.Asking == AnnounceEvent.Started) && entry.NotBefore < TimeSpan.MaxValue)
                told.Add(FarewellFor(entry));
            if (entry.Asking is not null)
                entry.State = entry.HeardStarted ? TrackerState.Working : TrackerState.NotAttempted;
            entry.Asking = null;
        }

        return told;
    }

    /// <summary>Adds a tracker behind all others.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(string url, TimeSpan now)
    {
        if (Tiers.Add(url) is null)
            return false;

        // With a tracker that works there is no hurry; without one the newcomer may be the one that does.
        if (_lastAnswering is not { State: TrackerState.Working })
            _roundDue = now;
        return true;
    }

    /// <summary>Takes the next tracker to ask, which from then on counts as being asked.</summary>
    /// <returns>The tracker, or null when none is due.</returns>
    public TrackerEntry? TryNext(TimeSpan now, bool incomplete, bool partialSeed)
    {
        if (!_running || Asking >= (_options.AnnounceToAll ? _options.MaxConcurrent : 1))
            return null;

        TrackerEntry? next = _options.AnnounceToAll ? NextOfAll(now) : NextOfRound(now);
        if (next is null)
            return null;

        Asking++;
        next.Asking = EventFor(next, partialSeed);
        next.AskingIncomplete = incomplete;
        next.State = TrackerState.Announcing;
        bool early = next.Asking == AnnounceEvent.None && next.Response is { } last && next.AnsweredAt + IntervalOf(last) > now;
        next.EarlyAnnounces = early ? next.EarlyAnnounces + 1 : 0;
        return next;
    }

    /// <summary>A tracker has given a good answer.</summary>
    public void OnAnswered(TrackerEntry entry, AnnounceResponse response, TimeSpan now)
    {
        Asking--;
        entry.HeardStarted = true;
        entry.HeardIncomplete |= entry.AskingIncomplete;
        entry.HeardCompleted |= entry.Asking == AnnounceEvent.Completed;
        entry.Asking = null;
        entry.State = TrackerState.Working;
        entry.Error = null;
        entry.Failures = 0;
        entry.NotBefore = TimeSpan.Zero;
        entry.Response = response;
        entry.AnsweredAt = now;
        entry.Due = now + IntervalOf(response);
        if (!response.TrackerId.IsEmpty)
            entry.TrackerId = response.TrackerId;

        _lastAnswering = entry;
        _triedThisRound.Clear();
        _roundDue = entry.Due;
        if (!_options.AnnounceToAll)
            Tiers.MoveToFront(entry);
        if (_complete && entry.AwaitsCompletion)
            AskBy(entry, now);
    }

    /// <summary>A tracker could not be asked, or refused.</summary>
    public void OnFailed(TrackerEntry entry, TrackerFailure failure, TimeSpan now)
    {
        Asking--;
        entry.Asking = null;
        entry.State = TrackerState.Failed;
        entry.Error = failure.Message;
        entry.Failures++;
        entry.NotBefore = failure.RetryIn switch
        {
            { } never when never == Timeout.InfiniteTimeSpan => TimeSpan.MaxValue,
            { } wait when wait > _options.FirstRetry => now + wait,
            _ => now + BackOff(entry.Failures),
        };
    }

    /// <summary>When a tracker is asked next, or null when that is not planned.</summary>
    public TimeSpan? NextOf(TrackerEntry entry)
    {
        if (!_running || entry.Asking is not null || entry is { State: TrackerState.NotAttempted, Due: null })
            return null;

        if (_options.AnnounceToAll || DueOf(entry) is not { } due || _roundDue is not { } round)
            return DueOf(entry);

        return entry == _lastAnswering || entry.State == TrackerState.Failed ? (round > due ? round : due) : null;
    }

    private Farewell FarewellFor(TrackerEntry entry)
    {
        bool takesUsForIncomplete = entry.HeardIncomplete || (entry.Asking is not null && entry.AskingIncomplete);
        bool isHearing = entry.Asking == AnnounceEvent.Completed;
        bool owes = _complete && takesUsForIncomplete && !entry.HeardCompleted && !isHearing;
        return new Farewell(entry, entry.HeardStarted, isHearing, owes);
    }

    private TrackerEntry? NextOfAll(TimeSpan now)
    {
        foreach (TrackerEntry entry in Tiers.InOrder)
        {
            if (entry.Asking is null && DueOf(entry) <= now)
                return entry;
        }

        return null;
    }

    // A round goes over all tiers until one tracker answers. When none does, the next round begins as soon as one of them may be
    // asked again; the others sit it out.
    private TrackerEntry? NextOfRound(TimeSpan now)
    {
        if (!(_roundDue <= now))
            return null;

        TimeSpan? retry = null;
        foreach (TrackerEntry entry in Tiers.InOrder)
        {
            if (!entry.IsUsable)
                continue;

            if (entry.NotBefore <= now && _triedThisRound.Add(entry))
                return entry;

            if (entry.NotBefore < TimeSpan.MaxValue && !(retry < entry.NotBefore))
                retry = entry.NotBefore;
        }

        _triedThisRound.Clear();
        _roundDue = retry;
        return null;
    }

    private AnnounceEvent EventFor(TrackerEntry entry, bool partialSeed)
    {
        if (!entry.HeardStarted)
            return AnnounceEvent.Started;

        if (_complete && entry.AwaitsCompletion)
            return AnnounceEvent.Completed;

        return partialSeed ? AnnounceEvent.Paused : AnnounceEvent.None;
    }

    /// <summary>Brings an announce forward; a tracker that fails is left to its back-off.</summary>
    private void AskBy(TrackerEntry entry, TimeSpan time)
    {
        if (!(entry.Due > time))
            return;

        entry.Due = time;
        if (!(_roundDue < time))
            _roundDue = time;
    }

    private static TimeSpan? DueOf(TrackerEntry entry)
    {
        if (!entry.IsUsable || entry.NotBefore == TimeSpan.MaxValue)
            return null;

        TimeSpan due = entry is { State: TrackerState.Failed } ? TimeSpan.Zero : entry.Due ?? TimeSpan.Zero;
        return due > entry.NotBefore ? due : entry.NotBefore;
    }

    private TimeSpan IntervalOf(AnnounceResponse response)
    {
        TimeSpan interval = response.Interval > TimeSpan.Zero ? response.Interval : _options.DefaultInterval;
        if (interval < response.MinInterval)
            interval = response.MinInterval.Value;
        return Clamp(interval);
    }

    private TimeSpan EarlyGap(TrackerEntry entry, AnnounceResponse response)
    {
        TimeSpan interval = IntervalOf(response);
        TimeSpan gap = response.MinInterval is { } least && least > TimeSpan.Zero
            ? Clamp(least)
            : _options.EarlyInterval * Math.Pow(2, Math.Min(entry.EarlyAnnounces, 16));
        return gap < interval ? gap : interval;
    }

    private TimeSpan BackOff(int failures)
    {
        TimeSpan wait = _options.FirstRetry * Math.Pow(2, Math.Min(failures - 1, 30)) * (0.8 + (0.4 * _random.NextDouble()));
        return wait < _options.LongestRetry ? wait : _options.LongestRetry;
    }

    private TimeSpan Clamp(TimeSpan interval) =>
        interval < _options.LeastInterval ? _options.LeastInterval
        : interval > _options.GreatestInterval ? _options.GreatestInterval : interval;
}
