namespace OurTorrent.Simulation.Network;

/// <summary>Bytes in order of arrival.</summary>
internal sealed class ByteQueue(SegmentPool pool)
{
    private readonly Queue<Segment> _segments = new();
    private Segment? _tail;

    public int Length { get; private set; }

    /// <summary>How many bytes the first segment has; zero when there is none.</summary>
    public int HeadLength => _segments.TryPeek(out Segment? head) ? head.Length : 0;

    /// <summary>Copies bytes to the end.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="following">How many are to follow at once: what fits in one segment is put into one.</param>
    public void Add(ReadOnlySpan<byte> bytes, int following = 0)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int rest = bytes.Length + following;
            if (_tail is null || _tail.Room == 0 || (_tail.Room < rest && rest <= Segment.MaxLength))
            {
                _tail = pool.Rent(rest);
                _segments.Enqueue(_tail);
            }

            int count = Math.Min(_tail.Room, bytes.Length);
            _tail.Append(bytes[..count]);
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds a segment, which is the queue's from now on.</summary>
    public void Add(Segment segment)
    {
        _segments.Enqueue(segment);
        _tail = null;
        Length += segment.Length;
    }

    /// <summary>Takes the first segment, or its first bytes.</summary>
    public Segment TakeSegment(int limit)
    {
        Segment head = _segments.Peek();
        if (head.Length > limit)
        {
            Segment part = pool.Rent(limit);
            head.MoveTo(part, limit);
            head = part;
        }
        else
        {
            _segments.Dequeue();
            if (head == _tail)
                _tail = null;
        }

        Length -= head.Length;
        return head;
    }

    /// <summary>Takes as many bytes as there are room and bytes for.</summary>
    public int Take(Span<byte> destination)
    {
        int taken = 0;
        while (taken < destination.Length && _segments.TryPeek(out Segment? head))
        {
            taken += head.Take(destination[taken..]);
            if (head.Length > 0)
                break;
            _segments.Dequeue();
            if (head == _tail)
                _tail = null;
            pool.Return(head);
        }

        Length -= taken;
        return taken;
    }

    public void Clear()
    {
        while (_segments.TryDequeue(out Segment? segment))
            pool.Return(segment);
        _tail = null;
        Length = 0;
    }
}
