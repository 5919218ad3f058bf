using System.Runtime.CompilerServices;

namespace OurTorrent.Bandwidth;

/// <summary>
/// Counts bytes and says how many a second have passed of late: the mean of a window that slides over the last
/// seven to eight seconds. It needs no timer; adding costs a comparison and an addition.
/// </summary>
internal sealed class RateMeter
{
    private const int Slots = 8;
    private Ring _ring;
    private long _slot = long.MinValue;
    private long _sum;
    private TimeSpan _began;

    /// <summary>All bytes ever added.</summary>
    public long Total { get; private set; }

    /// <summary>Counts bytes.</summary>
    public void Add(TimeSpan now, long bytes)
    {
        Total += bytes;
        Advance(now);
        _ring[(int)(_slot & (Slots - 1))] += bytes;
        _sum += bytes;
    }

    /// <summary>The rate in bytes per second.</summary>
    public long Rate(TimeSpan now)
    {
        if (_sum == 0)
            return 0;

        Advance(now);
        long from = Math.Max((_slot - Slots + 1) * TimeSpan.TicksPerSecond, _began.Ticks);

        // A burst in the first moments is no rate yet: it counts as spread over a second.
        long ticks = Math.Max(now.Ticks - from, TimeSpan.TicksPerSecond);
        return (long)(_sum * (double)TimeSpan.TicksPerSecond / ticks);
    }

    private void Advance(TimeSpan now)
    {
        long slot = now.Ticks / TimeSpan.TicksPerSecond;
        if (slot <= _slot)
            return;

        if (_slot == long.MinValue || slot - _slot >= Slots)
        {
            _ring = default;
            _sum = 0;
            _began = now;
            _slot = slot;
            return;
        }

        while (_slot < slot)
        {
            ref long oldest = ref _ring[(int)(++_slot & (Slots - 1))];
            _sum -= oldest;
            oldest = 0;
        }
    }

    [InlineArray(Slots)]
    private struct Ring
    {
        private long _first;
    }
}
