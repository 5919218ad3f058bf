namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// What happens in the swarms, for one reader who keeps it or sends it on. Shards write into chunks of their own under their own
/// lock, so that writing costs a copy; the reader takes whole chunks away.
/// </summary>
internal sealed class ChangeFeed(SwarmShard[] shards)
{
    /// <summary>Bytes that may wait for the reader; what comes then is not noted.</summary>
    public const long Limit = 64 * 1024 * 1024;

    private const long NearlyFullLength = 2 * 1024 * 1024;
    private readonly Lock _lock = new();
    private ChangeChunk? _spare;
    private long _bytes;
    private bool _enabled;
    private bool _overflowed;

    /// <summary>Called from the thread of a packet when two mebibytes are waiting; it must only give a signal.</summary>
    public Action? NearlyFull { get; set; }

    /// <summary>Whether the reader also takes images of the swarms that have changed, so that one that is empty waits for its last image.</summary>
    public bool IsImaged { get; set; } = true;

    public bool IsEnabled => Volatile.Read(ref _enabled);

    /// <summary>Whether changes have been lost since <see cref="Enable"/>: only an image of the swarms tells what has become of them.</summary>
    public bool Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>How many changes wait.</summary>
    public long Pending => shards.Sum(static shard => (long)shard.PendingChanges);

    /// <summary>Begins to note what happens, again after an overflow.</summary>
    public void Enable()
    {
        Volatile.Write(ref _overflowed, false);
        Volatile.Write(ref _enabled, true);
    }

    /// <summary>Hands out all that waits.</summary>
    /// <param name="read">Is given whole changes, those of each swarm in order; the bytes are used again afterwards.</param>
    /// <returns>How many changes there were.</returns>
    public int Drain(Action<ReadOnlySpan<byte>> read)
    {
        int count = 0;
        foreach (SwarmShard shard in shards)
        {
            for (ChangeChunk? chunk = shard.TakeChanges(); chunk is not null;)
            {
                read(chunk.Bytes.AsSpan(0, chunk.Length));
                count += chunk.Count;
                ChangeChunk? next = chunk.Next;
                Return(chunk);
                chunk = next;
            }
        }

        return count;
    }

    /// <summary>A chunk to write into, or null where too much is waiting.</summary>
    public ChangeChunk? Rent()
    {
        ChangeChunk? chunk;
        bool nearlyFull;
        lock (_lock)
        {
            if (_bytes >= Limit)
            {
                _overflowed = true;
                _enabled = false;
                return null;
            }

            _bytes += ChangeChunk.Capacity;
            nearlyFull = _bytes == NearlyFullLength;
            chunk = _spare;
            _spare = chunk?.Next;
        }

        if (nearlyFull)
            NearlyFull?.Invoke();
        if (chunk is null)
            return new ChangeChunk();

        chunk.Next = null;
        return chunk;
    }

    private void Return(ChangeChunk chunk)
    {
        chunk.Length = 0;
        chunk.Count = 0;
        lock (_lock)
        {
            _bytes -= ChangeChunk.Capacity;
            if (_bytes > NearlyFullLength)
                return;

            // What is kept for later is at most what was in use a moment ago, and little.
            chunk.Next = _spare;
            _spare = chunk;
        }
    }
}
