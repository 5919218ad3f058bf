namespace OurTorrent.Simulation;

/// <summary>Events by time; those of the same time in the order they were added. A heap with four children a node.</summary>
internal sealed class EventQueue
{
    private const int Children = 4;

    private Entry[] _heap = new Entry[1024];
    private long _added;

    public int Count { get; private set; }

    /// <summary>When the next event is; means nothing when there is none.</summary>
    public TimeSpan NextTime => _heap[0].Time;

    public void Add(TimeSpan time, IVirtualEvent what)
    {
        if (Count == _heap.Length)
            Array.Resize(ref _heap, Count * 2);
        var entry = new Entry(time, _added++, what);
        int place = Count++;
        while (place > 0)
        {
            int parent = (place - 1) / Children;
            if (!entry.IsBefore(_heap[parent]))
                break;
            _heap[place] = _heap[parent];
            place = parent;
        }

        _heap[place] = entry;
    }

    public IVirtualEvent Take()
    {
        IVirtualEvent first = _heap[0].Event;
        Entry last = _heap[--Count];
        _heap[Count] = default;
        if (Count == 0)
            return first;

        int place = 0;
        while (true)
        {
            int child = (place * Children) + 1;
            if (child >= Count)
                break;
            int least = child;
            for (int other = child + 1; other < Math.Min(child + Children, Count); other++)
            {
                if (_heap[other].IsBefore(_heap[least]))
                    least = other;
            }

            if (!_heap[least].IsBefore(last))
                break;
            _heap[place] = _heap[least];
            place = least;
        }

        _heap[place] = last;
        return first;
    }

    private readonly record struct Entry(TimeSpan Time, long Order, IVirtualEvent Event)
    {
        public bool IsBefore(in Entry other) => Time < other.Time || (Time == other.Time && Order < other.Order);
    }
}
