namespace OurTorrent.Pieces;

/// <summary>
/// Pieces in the order of how few peers have them, and in random order among equals. They lie in one array, bucket after
/// bucket; a piece moves to the bucket beside its own by changing places at the border, so one more or one fewer
/// peer costs the same however many pieces there are.
/// </summary>
/// <param name="positions">Where each piece lies; shared with orders that hold other pieces.</param>
/// <param name="random">Shuffles equals.</param>
internal sealed class RarityOrder(int[] positions, Random random)
{
    private int[] _pieces = [];

    // _ends[a] is where the bucket of the pieces that a peers have ends, and the next begins.
    private int[] _ends = new int[8];
    private int _highest;

    /// <summary>How many pieces there are.</summary>
    public int Count => _ends[_highest];

    /// <summary>A piece by its place; 0 is the rarest.</summary>
    public int this[int index] => _pieces[index];

    /// <summary>How many pieces nobody has.</summary>
    public int UnavailableCount => _ends[0];

    /// <summary>Adds a piece.</summary>
    public void Add(int piece, int availability)
    {
        if (Count == _pieces.Length)
            Array.Resize(ref _pieces, Math.Min(Math.Max(16, _pieces.Length * 2), positions.Length));

        Reach(availability);

        // The free place at the end travels down, bucket by bucket.
        for (int bucket = _highest; bucket > availability; bucket--)
        {
            int end = _ends[bucket]++;
            int first = _ends[bucket - 1];
            if (first != end)
                Put(_pieces[first], end);
        }

        Put(piece, _ends[availability]++);
        Shuffle(_ends[availability] - 1, StartOf(availability), _ends[availability]);
    }

    /// <summary>Takes a piece out.</summary>
    public void Remove(int piece, int availability)
    {
        int hole = positions[piece];
        positions[piece] = -1;
        for (int bucket = availability; bucket <= _highest; bucket++)
        {
            int last = --_ends[bucket];
            if (last != hole)
                Put(_pieces[last], hole);
            hole = last;
        }
    }

    /// <summary>One more peer has a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="availability">How many had it before.</param>
    public void Increase(int piece, int availability)
    {
        Reach(availability + 1);
        int last = --_ends[availability];
        Swap(positions[piece], last);
        Shuffle(last, last, _ends[availability + 1]);
    }

    /// <summary>One peer fewer has a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="availability">How many had it before.</param>
    public void Decrease(int piece, int availability)
    {
        int first = _ends[availability - 1]++;
        Swap(positions[piece], first);
        Shuffle(first, StartOf(availability - 1), first + 1);
    }

    private int StartOf(int bucket) => bucket == 0 ? 0 : _ends[bucket - 1];

    private void Reach(int bucket)
    {
        if (bucket >= _ends.Length)
            Array.Resize(ref _ends, Math.Max(bucket + 1, _ends.Length * 2));

        while (_highest < bucket)
        {
            _ends[_highest + 1] = _ends[_highest];
            _highest++;
        }
    }

    private void Shuffle(int index, int start, int end) => Swap(index, random.Next(start, end));

    private void Swap(int left, int right)
    {
        int piece = _pieces[left];
        Put(_pieces[right], left);
        Put(piece, right);
    }

    private void Put(int piece, int index)
    {
        _pieces[index] = piece;
        positions[piece] = index;
    }
}
