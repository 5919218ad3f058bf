namespace OurTorrent.Tracker.Access;

/// <summary>A set of addresses, kept as the ranges it consists of: 8 bytes for an IPv4 range, 32 for an IPv6 one.</summary>
internal sealed class NetworkSet
{
    private readonly uint[] _firsts4;
    private readonly uint[] _lasts4;
    private readonly UInt128[] _firsts6;
    private readonly UInt128[] _lasts6;

    /// <summary>Makes a set.</summary>
    /// <param name="ranges">What is in it; ranges may overlap.</param>
    public NetworkSet(IEnumerable<AddressRange> ranges)
    {
        ILookup<bool, AddressRange> families = ranges.ToLookup(static range => range.First.IsIPv6);
        List<(UInt128 First, UInt128 Last)> ipv4 = Join(families[false]);
        List<(UInt128 First, UInt128 Last)> ipv6 = Join(families[true]);
        _firsts4 = [.. ipv4.Select(static range => (uint)range.First)];
        _lasts4 = [.. ipv4.Select(static range => (uint)range.Last)];
        _firsts6 = [.. ipv6.Select(static range => range.First)];
        _lasts6 = [.. ipv6.Select(static range => range.Last)];
    }

    /// <summary>Of how many separate ranges it consists.</summary>
    public int Count => _firsts4.Length + _firsts6.Length;

    /// <summary>Whether an address is in it.</summary>
    public bool Contains(in ClientAddress address) => address.IsIPv6
        ? Contains(_firsts6, _lasts6, address.Bits)
        : Contains(_firsts4, _lasts4, (uint)address.Bits);

    private static bool Contains<T>(T[] firsts, T[] lasts, T address)
        where T : IComparable<T>
    {
        int low = 0;
        int high = firsts.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (firsts[middle].CompareTo(address) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low > 0 && address.CompareTo(lasts[low - 1]) <= 0;
    }

    private static List<(UInt128 First, UInt128 Last)> Join(IEnumerable<AddressRange> ranges)
    {
        var joined = new List<(UInt128 First, UInt128 Last)>();
        foreach (AddressRange range in ranges.OrderBy(static range => range.First.Bits))
        {
            (UInt128 first, UInt128 last) = (range.First.Bits, range.Last.Bits);
            bool touches = joined.Count > 0 && (first == 0 || first - 1 <= joined[^1].Last);
            if (touches)
                joined[^1] = (joined[^1].First, UInt128.Max(joined[^1].Last, last));
            else
                joined.Add((first, last));
        }

        return joined;
    }
}
