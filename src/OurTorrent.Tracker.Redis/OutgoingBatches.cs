namespace OurTorrent.Tracker.Redis;

/// <summary>Changes on their way to Redis, in numbered batches; each keeps its number however often it has to be sent.</summary>
internal sealed class OutgoingBatches
{
    private const int BatchLength = 64 * 1024;
    private const long Limit = 16 * 1024 * 1024;
    private readonly Queue<(long Number, byte[] Changes)> _sealed = new();
    private readonly byte[] _open = new byte[BatchLength];
    private int _openLength;
    private long _number;
    private long _length;

    /// <summary>Whether no more should be added for now; what comes waits where it comes from.</summary>
    public bool IsFull => _length >= Limit;

    /// <summary>Whether there is a batch to send.</summary>
    public bool IsEmpty => _sealed.Count == 0;

    /// <summary>The next batch to send.</summary>
    public (long Number, byte[] Changes) First => _sealed.Peek();

    /// <summary>Takes whole changes.</summary>
    public void Add(ReadOnlySpan<byte> changes)
    {
        if (_openLength + changes.Length > BatchLength)
            Seal();
        changes.CopyTo(_open.AsSpan(_openLength));
        _openLength += changes.Length;
    }

    /// <summary>What was added is to be sent.</summary>
    public void Seal()
    {
        if (_openLength == 0)
            return;

        _sealed.Enqueue((++_number, _open.AsSpan(0, _openLength).ToArray()));
        _length += _openLength;
        _openLength = 0;
    }

    /// <summary>The first batch has arrived.</summary>
    public void RemoveFirst() => _length -= _sealed.Dequeue().Changes.Length;

    /// <summary>Nothing of it is needed any more.</summary>
    public void Clear()
    {
        _sealed.Clear();
        _openLength = 0;
        _length = 0;
    }
}
