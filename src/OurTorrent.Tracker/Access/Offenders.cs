using System.Collections.Concurrent;

namespace OurTorrent.Tracker.Access;

/// <summary>
/// Those who have exceeded a limit, at most <see cref="MaxCount"/>. While there are none, asking costs a comparison.
/// </summary>
internal sealed class Offenders(AccessOptions options, TrackerClock clock)
{
    /// <summary>How many are known at a time; more are refused like others, and not escalated.</summary>
    public const int MaxCount = 65_536;

    private static readonly TimeSpan WatchTime = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<SourceNetwork, Offender> _all = new();
    private readonly Lock _changing = new();
    private int _count;
    private long _slowedEver;
    private long _ignoredEver;

    /// <summary>How many are known.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many times a source was slowed.</summary>
    public long SlowedEver => Volatile.Read(ref _slowedEver);

    /// <summary>How many times a source was ignored.</summary>
    public long IgnoredEver => Volatile.Read(ref _ignoredEver);

    /// <summary>Whether a request from this source is to be dropped; if so, it is counted.</summary>
    public bool IsIgnored(in SourceNetwork source)
    {
        if (!_all.TryGetValue(source, out Offender? offender) || offender.Stage != OffenderStage.Ignored || offender.Until <= clock.Seconds)
            return false;

        Interlocked.Increment(ref offender.Dropped);
        return true;
    }

    /// <summary>Whether everything from this source is to be refused.</summary>
    public bool IsSlowed(in SourceNetwork source) =>
        _all.TryGetValue(source, out Offender? offender) && offender.Stage >= OffenderStage.Slowed && offender.Until > clock.Seconds;

    /// <summary>A source has brought too many new peers.</summary>
    public void Slow(in SourceNetwork source)
    {
        if (Find(source) is not { } offender)
            return;

        lock (_changing)
        {
            if (offender.Stage == OffenderStage.Ignored)
                return;
            if (offender.Stage != OffenderStage.Slowed || offender.Until <= clock.Seconds)
                _slowedEver++;
            offender.Become(OffenderStage.Slowed, clock.Seconds + (uint)options.SlowTime.TotalSeconds);
        }
    }

    /// <summary>A source was refused for a limit; one that goes on all the same is ignored.</summary>
    public void Refuse(in SourceNetwork source)
    {
        if (Find(source) is not { } offender)
            return;

        long refused = Interlocked.Increment(ref offender.Refused);
        if (options.RefusalsBeforeIgnored == 0 || refused <= options.RefusalsBeforeIgnored || offender.Stage == OffenderStage.Ignored)
            return;

        lock (_changing)
        {
            if (offender.Stage != OffenderStage.Ignored)
                _ignoredEver++;
            offender.Become(OffenderStage.Ignored, clock.Seconds + (uint)options.IgnoreTime.TotalSeconds);
        }
    }

    /// <summary>Forgets those whose time is over.</summary>
    public void Sweep()
    {
        foreach ((SourceNetwork source, Offender offender) in _all)
        {
            if (offender.Until <= clock.Seconds && _all.TryRemove(new(source, offender)))
                Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>How many are treated so now.</summary>
    public int CountOf(OffenderStage stage) => _all.Count(pair => pair.Value.Stage == stage && pair.Value.Until > clock.Seconds);

    /// <summary>Those of whom most was refused and dropped.</summary>
    /// <param name="count">How many.</param>
    /// <param name="withAddresses">Whether to tell their addresses; if not, those of one network are one.</param>
    public IReadOnlyList<OffenderSummary> Worst(int count, bool withAddresses) =>
    [
        .. _all
            .Where(pair => pair.Value.Stage != OffenderStage.Watched && pair.Value.Until > clock.Seconds)
            .GroupBy(pair => withAddresses ? pair.Key : pair.Key.Widen())
            .Select(static group => new OffenderSummary(
                group.Key.ToString(),
                group.Max(static pair => pair.Value.Stage),
                group.Sum(static pair => Volatile.Read(ref pair.Value.Refused)),
                group.Sum(static pair => Volatile.Read(ref pair.Value.Dropped))))
            .OrderByDescending(static offender => offender.Refused + offender.Dropped)
            .ThenBy(static offender => offender.Network, StringComparer.Ordinal)
            .Take(count),
    ];

    private Offender? Find(in SourceNetwork source)
    {
        if (_all.TryGetValue(source, out Offender? known))
            return known;
        if (Count >= MaxCount)
            return null;

        var offender = new Offender();
        offender.Become(OffenderStage.Watched, clock.Seconds + (uint)WatchTime.TotalSeconds);
        if (!_all.TryAdd(source, offender))
            return _all.GetValueOrDefault(source);

        Interlocked.Increment(ref _count);
        return offender;
    }
}
