using System.Runtime.InteropServices;

namespace OurTorrent.Trackers;

/// <summary>The trackers of a torrent in the order in which they are asked (BEP 12).</summary>
internal sealed class TrackerTiers
{
    private readonly List<List<TrackerEntry>> _tiers = [];
    private readonly List<TrackerEntry> _all = [];
    private readonly HashSet<string> _urls = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly int _maxTrackers;

    /// <summary>Takes the tiers of a torrent and shuffles within each.</summary>
    public TrackerTiers(IEnumerable<IEnumerable<string>> tiers, Random random, int maxTrackers)
    {
        _random = random;
        _maxTrackers = maxTrackers;
        foreach (IEnumerable<string> urls in tiers)
        {
            var tier = new List<TrackerEntry>();
            foreach (string url in urls)
            {
                if (Create(url, _tiers.Count) is { } entry)
                    tier.Add(entry);
            }

            if (tier.Count == 0)
                continue;

            _tiers.Add(tier);
            random.Shuffle(CollectionsMarshal.AsSpan(tier));
        }
    }

    /// <summary>The trackers in the order of the torrent.</summary>
    public IReadOnlyList<TrackerEntry> All => _all;

    /// <summary>The trackers in the order in which they are asked.</summary>
    public IEnumerable<TrackerEntry> InOrder
    {
        get
        {
            foreach (List<TrackerEntry> tier in _tiers)
            {
                foreach (TrackerEntry entry in tier)
                    yield return entry;
            }
        }
    }

    /// <summary>Adds a tracker in a tier of its own, after all others.</summary>
    /// <returns>The tracker, or null when it is there already or there are too many.</returns>
    public TrackerEntry? Add(string url)
    {
        TrackerEntry? entry = Create(url, _tiers.Count);
        if (entry is not null)
            _tiers.Add([entry]);
        return entry;
    }

    /// <summary>Puts a tracker that has answered at the front of its tier.</summary>
    public void MoveToFront(TrackerEntry entry)
    {
        List<TrackerEntry> tier = _tiers[entry.Tier];
        if (tier[0] != entry)
        {
            tier.Remove(entry);
            tier.Insert(0, entry);
        }
    }

    private TrackerEntry? Create(string url, int tier)
    {
        if (_all.Count >= _maxTrackers || !_urls.Add(url))
            return null;

        var entry = new TrackerEntry(url, tier, (uint)_random.NextInt64(1, 1L << 32));
        _all.Add(entry);
        return entry;
    }
}
