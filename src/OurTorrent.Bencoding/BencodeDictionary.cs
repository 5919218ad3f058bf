using System.Collections;

namespace OurTorrent.Bencoding;

/// <summary>
/// A dictionary from byte strings to values (BEP 3), always in the order of its keys' bytes: the order in which it is written.
/// </summary>
public sealed class BencodeDictionary : BencodeValue, IReadOnlyDictionary<BencodeString, BencodeValue>
{
    private readonly List<KeyValuePair<BencodeString, BencodeValue>> _entries;

    /// <summary>Creates an empty dictionary.</summary>
    public BencodeDictionary() => _entries = [];

    private BencodeDictionary(List<KeyValuePair<BencodeString, BencodeValue>> sorted) => _entries = sorted;

    /// <inheritdoc/>
    public override BencodeValueKind Kind => BencodeValueKind.Dictionary;

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys, in the order of their bytes.</summary>
    public IEnumerable<BencodeString> Keys => _entries.Select(entry => entry.Key);

    /// <summary>The values, in the order of their keys.</summary>
    public IEnumerable<BencodeValue> Values => _entries.Select(entry => entry.Value);

    /// <inheritdoc/>
    public override BencodeValue this[BencodeString key]
    {
        get => Find(key) ?? throw new KeyNotFoundException($"The dictionary has no key {BencodeText.Quote(key.Span)}.");
        set
        {
            ArgumentNullException.ThrowIfNull(key);
            ArgumentNullException.ThrowIfNull(value);
            int place = PlaceOf(key);
            if (place >= 0)
                _entries[place] = new(_entries[place].Key, value);
            else
                _entries.Insert(~place, new(key, value));
        }
    }

    /// <summary>Inserts an entry.</summary>
    /// <param name="key">The key. Text is taken as UTF-8.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The dictionary already has the key.</exception>
    public void Add(BencodeString key, BencodeValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        int place = PlaceOf(key);
        if (place >= 0)
            throw new ArgumentException($"The dictionary already has the key {BencodeText.Quote(key.Span)}.", nameof(key));

        _entries.Insert(~place, new(key, value));
    }

    /// <summary>Takes out a key and its value.</summary>
    /// <param name="key">The key. Text is taken as UTF-8.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(BencodeString key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int place = PlaceOf(key);
        if (place >= 0)
            _entries.RemoveAt(place);

        return place >= 0;
    }

    /// <summary>Takes out everything.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Whether there is such a key.</summary>
    /// <param name="key">The key. Text is taken as UTF-8.</param>
    public bool ContainsKey(BencodeString key) => Find(key) is not null;

    /// <summary>Looks for a key.</summary>
    /// <param name="key">The key. Text is taken as UTF-8.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether it was there.</returns>
    public bool TryGetValue(BencodeString key, [MaybeNullWhen(false)] out BencodeValue value)
    {
        value = Find(key);
        return value is not null;
    }

    /// <inheritdoc/>
    public override BencodeValue? Find(BencodeString key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int place = PlaceOf(key);
        return place >= 0 ? _entries[place].Value : null;
    }

    /// <summary>The entries, in the order of their keys' bytes.</summary>
    public List<KeyValuePair<BencodeString, BencodeValue>>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<KeyValuePair<BencodeString, BencodeValue>> IEnumerable<KeyValuePair<BencodeString, BencodeValue>>.GetEnumerator() =>
        _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(BencodeValue? other)
    {
        if (ReferenceEquals(this, other))
            return true;

        RuntimeHelpers.EnsureSufficientExecutionStack();
        return other is BencodeDictionary dictionary && dictionary._entries.SequenceEqual(_entries);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        HashCode hash = default;
        foreach ((BencodeString key, BencodeValue value) in _entries)
        {
            hash.Add(key);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override void WriteTo(BencodeWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartDictionary();
        foreach ((BencodeString key, BencodeValue value) in _entries)
        {
            writer.WriteKey(key.Span);
            value.WriteTo(writer);
        }

        writer.WriteEndDictionary();
    }

    /// <summary>Takes over entries as they were read. They are sorted where they need it, so that hostile order costs no more.</summary>
    internal static BencodeDictionary FromEntries(List<KeyValuePair<BencodeString, BencodeValue>> entries)
    {
        for (int i = 1; i < entries.Count; i++)
        {
            if (entries[i - 1].Key >= entries[i].Key)
                return new BencodeDictionary(SortAndKeepLast(entries));
        }

        return new BencodeDictionary(entries);
    }

    private static List<KeyValuePair<BencodeString, BencodeValue>> SortAndKeepLast(
        List<KeyValuePair<BencodeString, BencodeValue>> entries)
    {
        List<KeyValuePair<BencodeString, BencodeValue>> sorted = new(entries.Count);
        foreach (KeyValuePair<BencodeString, BencodeValue> entry in entries.OrderBy(entry => entry.Key))
        {
            if (sorted.Count > 0 && sorted[^1].Key == entry.Key)
                sorted[^1] = entry;
            else
                sorted.Add(entry);
        }

        return sorted;
    }

    // The key's place, or the complement of the place where it would go.
    private int PlaceOf(BencodeString key)
    {
        int low = 0;
        int high = _entries.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = _entries[middle].Key.CompareTo(key);
            if (order == 0)
                return middle;

            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}
