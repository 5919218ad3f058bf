using System.Collections;

namespace OurTorrent.Bencoding;

/// <summary>A list of values (BEP 3), of any kinds.</summary>
public sealed class BencodeList : BencodeValue, IList<BencodeValue>, IReadOnlyList<BencodeValue>
{
    private readonly List<BencodeValue> _items = [];

    /// <summary>Creates an empty list.</summary>
    public BencodeList()
    {
    }

    /// <summary>Creates a list of values.</summary>
    /// <param name="items">The values, in order.</param>
    public BencodeList(IEnumerable<BencodeValue> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (BencodeValue item in items)
            Add(item);
    }

    /// <inheritdoc/>
    public override BencodeValueKind Kind => BencodeValueKind.List;

    /// <summary>How many values there are.</summary>
    public int Count => _items.Count;

    bool ICollection<BencodeValue>.IsReadOnly => false;

    /// <inheritdoc/>
    public override BencodeValue this[int index]
    {
        get => _items[index];
        set => _items[index] = NotNull(value);
    }

    /// <summary>Adds a value at the end.</summary>
    /// <param name="item">The value.</param>
    public void Add(BencodeValue item) => _items.Add(NotNull(item));

    /// <summary>Puts a value before the one at a place.</summary>
    /// <param name="index">The place, from 0; the list's length adds at the end.</param>
    /// <param name="item">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such place.</exception>
    public void Insert(int index, BencodeValue item) => _items.Insert(index, NotNull(item));

    /// <summary>Takes out the first value that equals one.</summary>
    /// <param name="item">What to look for.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(BencodeValue item) => _items.Remove(item);

    /// <summary>Takes out the value at a place.</summary>
    /// <param name="index">The place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such place.</exception>
    public void RemoveAt(int index) => _items.RemoveAt(index);

    /// <summary>Takes out everything.</summary>
    public void Clear() => _items.Clear();

    /// <summary>Whether a value of the list equals one.</summary>
    /// <param name="item">What to look for.</param>
    public bool Contains(BencodeValue item) => _items.Contains(item);

    /// <summary>The first place whose value equals one, or -1.</summary>
    /// <param name="item">What to look for.</param>
    public int IndexOf(BencodeValue item) => _items.IndexOf(item);

    /// <inheritdoc/>
    public void CopyTo(BencodeValue[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    /// <summary>The values, in order.</summary>
    public List<BencodeValue>.Enumerator GetEnumerator() => _items.GetEnumerator();

    IEnumerator<BencodeValue> IEnumerable<BencodeValue>.GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(BencodeValue? other)
    {
        if (ReferenceEquals(this, other))
            return true;

        RuntimeHelpers.EnsureSufficientExecutionStack();
        return other is BencodeList list && list._items.SequenceEqual(_items);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        HashCode hash = default;
        foreach (BencodeValue item in _items)
            hash.Add(item);

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override void WriteTo(BencodeWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartList();
        foreach (BencodeValue item in _items)
            item.WriteTo(writer);

        writer.WriteEndList();
    }

    private static BencodeValue NotNull(BencodeValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
