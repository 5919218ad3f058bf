namespace OurTorrent.Loop;

/// <summary>
/// The timers that are set, soonest first; those due at the same time in the order they were set. A heap whose timers know
/// their place: setting one again moves it, so the queue is never longer than there are timers.
/// </summary>
internal sealed class TimerQueue
{
    private LoopTimer[] _heap = new LoopTimer[16];
    private long _settings;

    /// <summary>How many timers are set.</summary>
    public int Count { get; private set; }

    /// <summary>The timer that is due next, or null when none is set.</summary>
    public LoopTimer? First => Count > 0 ? _heap[0] : null;

    /// <summary>Tells the timers set from now on from those set before: their <see cref="LoopTimer.Setting"/> is no less than this.</summary>
    public long NextSetting => _settings;

    /// <summary>Puts a timer where its <see cref="LoopTimer.Due"/> belongs, whether or not it was in the queue.</summary>
    public void Set(LoopTimer timer)
    {
        timer.Setting = _settings++;
        if (timer.Place < 0)
        {
            if (Count == _heap.Length)
                Array.Resize(ref _heap, Count * 2);
            Put(Count++, timer);
        }

        Settle(timer);
    }

    /// <summary>Takes a timer out, if it is in.</summary>
    public void Remove(LoopTimer timer)
    {
        int place = timer.Place;
        if (place < 0)
            return;
        timer.Place = -1;
        LoopTimer last = _heap[--Count];
        _heap[Count] = null!;
        if (place == Count)
            return;
        Put(place, last);
        Settle(last);
    }

    private static bool IsBefore(LoopTimer one, LoopTimer other)
    {
        int order = one.DueOrZero.CompareTo(other.DueOrZero);
        return order < 0 || (order == 0 && one.Setting < other.Setting);
    }

    private void Put(int place, LoopTimer timer)
    {
        _heap[place] = timer;
        timer.Place = place;
    }

    private void Settle(LoopTimer timer)
    {
        int place = timer.Place;
        while (place > 0 && IsBefore(timer, _heap[(place - 1) / 2]))
        {
            int parent = (place - 1) / 2;
            Put(place, _heap[parent]);
            place = parent;
        }

        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], timer))
                break;
            Put(place, _heap[child]);
            place = child;
        }

        Put(place, timer);
    }
}
