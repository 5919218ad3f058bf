using System.Security.Cryptography;

namespace OurTorrent.Tracker.Access;

/// <summary>
/// Counts for each of many keys what it has done lately: a bucket that holds so many and runs empty, evenly, in a given time. Takes
/// no lock and no memory beyond a table of fixed size, whatever comes. A limit holds exactly for a key whose bucket is in the table;
/// where more keys are active than fit into a set of eight, the one that has done least is forgotten first. Two keys share a bucket
/// by accident in less than one case in 100,000, and nobody can bring that about, since keys are hashed with a secret.
/// </summary>
/// <remarks>
/// A bucket is one word: the key's tag, and the time at which it will be empty (the generic cell rate algorithm), in units of 1/65,536
/// second since the table was made. That lasts for 8 years, after which buckets overflow into their tags and limits are off by an hour.
/// </remarks>
internal sealed class LeakyBuckets
{
    /// <summary>The largest limit that can be told apart from none, over a minute.</summary>
    public const int LargestLimit = 3_000_000;

    private const int UnitBits = 16;
    private const int TimeBits = 44;
    private const int SetSize = 8;
    private const ulong TimeMask = (1UL << TimeBits) - 1;

    private readonly ulong[] _words;
    private readonly TrackerClock _clock;
    private readonly uint _start;
    private readonly ulong _cost;
    private readonly ulong _capacity;
    private readonly ulong _secretLow;
    private readonly ulong _secretHigh;

    /// <summary>Makes the table.</summary>
    /// <param name="size">How many keys it has room for; a power of two, at least 8.</param>
    /// <param name="limit">How much a bucket holds.</param>
    /// <param name="time">How long a full one takes to run empty.</param>
    /// <param name="clock">Tells the time.</param>
    public LeakyBuckets(int size, int limit, TimeSpan time, TrackerClock clock)
    {
        _words = new ulong[size];
        _clock = clock;
        _start = clock.Seconds;
        _cost = Math.Max(1, (ulong)Math.Ceiling(time.TotalSeconds * (1 << UnitBits) / limit));
        _capacity = _cost * (ulong)limit;

        Span<byte> secret = stackalloc byte[16];
        RandomNumberGenerator.Fill(secret);
        _secretLow = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        _secretHigh = BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
    }

    /// <summary>The memory taken, in bytes.</summary>
    public long MemoryBytes => _words.Length * (long)sizeof(ulong);

    /// <summary>Puts one into the bucket of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was room for it; if not, nothing has changed.</returns>
    public bool TryAdd(UInt128 key)
    {
        ulong hash = Hash(key);
        ulong tag = hash >> TimeBits << TimeBits;
        Span<ulong> set = _words.AsSpan((int)(hash & (ulong)(_words.Length - 1)) & ~(SetSize - 1), SetSize);
        ulong now = (ulong)(_clock.Seconds - _start) << UnitBits;
        while (true)
        {
            int place = Find(set, tag, out ulong word);
            bool isOurs = word != 0 && (word & ~TimeMask) == tag;
            ulong emptyAt = isOurs ? Math.Max(word & TimeMask, now) : now;
            if (emptyAt + _cost - now > _capacity)
                return false;
            if (Interlocked.CompareExchange(ref set[place], tag | (emptyAt + _cost), word) == word)
                return true;
        }
    }

    /// <summary>The bucket of a key, or the one that will be empty first.</summary>
    private static int Find(Span<ulong> set, ulong tag, out ulong word)
    {
        int place = 0;
        word = ulong.MaxValue;
        for (int i = 0; i < set.Length; i++)
        {
            ulong candidate = Volatile.Read(ref set[i]);
            if ((candidate & ~TimeMask) == tag && candidate != 0)
            {
                word = candidate;
                return i;
            }

            if (i == 0 || (candidate & TimeMask) < (word & TimeMask))
            {
                place = i;
                word = candidate;
            }
        }

        return place;
    }

    private ulong Hash(UInt128 key)
    {
        // Two rounds of a folded 64 by 64 bit product, as in wyhash: cheap, and not to be foreseen without the secret.
        ulong high = Math.BigMul((ulong)key ^ _secretLow, (ulong)(key >> 64) ^ _secretHigh, out ulong low);
        high = Math.BigMul(high ^ low ^ _secretHigh, 0x9e3779b97f4a7c15 ^ _secretLow, out low);
        return high ^ low;
    }
}
