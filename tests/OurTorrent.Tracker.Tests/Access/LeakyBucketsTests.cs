using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Tracker.Tests.Access;

public sealed class LeakyBucketsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly TrackerClock _clock;

    public LeakyBucketsTests() => _clock = new TrackerClock(_time);

    public void Dispose() => _clock.Dispose();

    [Theory]
    [InlineData(1, 60)]
    [InlineData(7, 60)]
    [InlineData(500, 3600)]
    [InlineData(20_000, 3600)]
    [InlineData(70_000, 60)]
    public void A_bucket_holds_exactly_its_limit_and_runs_empty_in_its_time(int limit, int seconds)
    {
        var buckets = new LeakyBuckets(8, limit, TimeSpan.FromSeconds(seconds), _clock);

        Assert.Equal(limit, Fill(buckets, 1, limit + 10));
        _time.Advance(TimeSpan.FromSeconds(seconds / 2));
        Assert.InRange(Fill(buckets, 1, limit + 10), (limit / 2) - 1 - (limit / 50), limit / 2);
        _time.Advance(TimeSpan.FromSeconds(seconds * 1.05));
        Assert.Equal(limit, Fill(buckets, 1, limit + 10));
    }

    [Fact]
    public void Each_key_agrees_with_a_bucket_of_its_own() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 100], Gen.Select(Gen.Int[0, 7], Gen.Int[0, 20], Gen.Int[0, 5]).List[1, 200]).Sample((limit, seconds, steps) =>
        {
            var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
            using var clock = new TrackerClock(time);
            var buckets = new LeakyBuckets(8, limit, TimeSpan.FromSeconds(seconds), clock);
            double[] levels = new double[8];
            foreach ((int key, int count, int wait) in steps)
            {
                for (int i = 0; i < count; i++)
                {
                    // Where the two differ by less than what time is measured in, either may be right.
                    bool fits = levels[key] + 1 <= limit;
                    bool isClose = Math.Abs(levels[key] + 1 - limit) < 0.01;
                    bool added = buckets.TryAdd((UInt128)key);
                    Assert.True(added == fits || isClose, $"key {key}: level {levels[key]} of {limit}, added {added}");
                    levels[key] += added ? 1 : 0;
                }

                time.Advance(TimeSpan.FromSeconds(wait));
                for (int i = 0; i < levels.Length; i++)
                    levels[i] = Math.Max(0, levels[i] - ((double)limit / seconds * wait));
            }
        });

    [Fact]
    public void A_flood_of_other_keys_does_not_make_it_forget_the_one_that_has_done_most()
    {
        var buckets = new LeakyBuckets(64, 100, TimeSpan.FromMinutes(1), _clock);
        Fill(buckets, 12345, 100);

        for (int key = 0; key < 100_000; key++)
            buckets.TryAdd((UInt128)key << 64);

        Assert.False(buckets.TryAdd(12345));
        Assert.Equal(64 * 8, buckets.MemoryBytes);
    }

    [Fact]
    public void Threads_that_add_at_once_do_not_exceed_the_limit()
    {
        var buckets = new LeakyBuckets(8, 50_000, TimeSpan.FromHours(1), _clock);
        int added = 0;

        Parallel.For(0, 4, _ => Interlocked.Add(ref added, Fill(buckets, 7, 25_000)));

        Assert.Equal(50_000, added);
    }

    private static int Fill(LeakyBuckets buckets, UInt128 key, int times)
    {
        int added = 0;
        for (int i = 0; i < times; i++)
            added += buckets.TryAdd(key) ? 1 : 0;
        return added;
    }
}
