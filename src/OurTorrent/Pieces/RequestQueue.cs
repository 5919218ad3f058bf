namespace OurTorrent.Pieces;

/// <summary>
/// The blocks asked of one peer and not answered yet, oldest first. Peers answer in order, so the block looked for is
/// nearly always at the front.
/// </summary>
internal sealed class RequestQueue
{
    private (int Piece, int Block)[] _items = new (int, int)[16];
    private int _head;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them; 0 is the oldest.</summary>
    public (int Piece, int Block) this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _items[Slot(index)];
        }
    }

    /// <summary>Adds one as the youngest.</summary>
    public void Add(int piece, int block)
    {
        if (Count == _items.Length)
            Grow();
        _items[Slot(Count++)] = (piece, block);
    }

    /// <summary>Where a block stands, or -1.</summary>
    public int IndexOf(int piece, int block)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_items[Slot(i)] == (piece, block))
                return i;
        }

        return -1;
    }

    /// <summary>Takes a block out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(int piece, int block)
    {
        int index = IndexOf(piece, block);
        if (index < 0)
            return false;

        // The few before it move up, so that the usual case, the first, costs nothing.
        for (int i = index; i > 0; i--)
            _items[Slot(i)] = _items[Slot(i - 1)];
        _head = Slot(1);
        Count--;
        return true;
    }

    /// <summary>Takes the youngest out.</summary>
    public (int Piece, int Block) RemoveLast() => _items[Slot(--Count)];

    private int Slot(int index) => (_head + index) & (_items.Length - 1);

    private void Grow()
    {
        var items = new (int, int)[_items.Length * 2];
        for (int i = 0; i < Count; i++)
            items[i] = _items[Slot(i)];
        _items = items;
        _head = 0;
    }
}
