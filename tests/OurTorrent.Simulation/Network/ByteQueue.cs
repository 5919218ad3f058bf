namespace OurTorrent.Simulation.Network;

/// <summary>Bytes in order of arrival.</summary>
internal sealed class ByteQueue
{
    private readonly Queue<ReadOnlyMemory<byte>> _chunks = new();
    private ReadOnlyMemory<byte> _head;

    public int Length { get; private set; }

    /// <summary>Adds bytes that nobody changes any more.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _chunks.Enqueue(bytes);
        Length += bytes.Length;
    }

    /// <summary>Takes as many bytes as there are room and bytes for.</summary>
    public int Take(Span<byte> destination)
    {
        int taken = 0;
        while (taken < destination.Length && (!_head.IsEmpty || _chunks.TryDequeue(out _head)))
        {
            int count = Math.Min(_head.Length, destination.Length - taken);
            _head.Span[..count].CopyTo(destination[taken..]);
            _head = _head[count..];
            taken += count;
        }

        Length -= taken;
        return taken;
    }

    public void Clear()
    {
        _chunks.Clear();
        _head = default;
        Length = 0;
    }
}
