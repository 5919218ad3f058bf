using System.Buffers;
using OurTorrent.Network;
using OurTorrent.Storage;

namespace OurTorrent.Peers;

/// <summary>
/// What is on its way to one peer: small messages gathered in rented memory, and blocks sent from where they were read to.
/// An idle peer's queue holds no memory.
/// </summary>
internal sealed class SendQueue : IBufferWriter<byte>
{
    private const int ChunkSize = 2048;
    private const int MaxBuffersPerSend = 64;

    private readonly Queue<Segment> _segments = new();
    private byte[]? _chunk;
    private int _chunkStart;
    private int _chunkEnd;
    private int _headSent;

    /// <summary>How many bytes wait to be sent.</summary>
    public int Length { get; private set; }

    /// <summary>How many of them are content.</summary>
    public int ContentLength { get; private set; }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_chunk is not null && _chunk.Length - _chunkEnd < sizeHint)
            EndChunk();

        if (_chunk is null)
        {
            _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, ChunkSize));
            _chunkStart = 0;
            _chunkEnd = 0;
        }

        return _chunk.AsMemory(_chunkEnd);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        _chunkEnd += count;
        Length += count;
    }

    /// <summary>Adds a block of content.</summary>
    /// <param name="data">The bytes to send.</param>
    /// <param name="block">Where they lie; one share of it is released once they have been sent.</param>
    public void Add(ReadOnlyMemory<byte> data, BlockBuffer block)
    {
        SplitChunk();
        _segments.Enqueue(new Segment(data, null, block));
        Length += data.Length;
        ContentLength += data.Length;
    }

    /// <summary>Sends as much as the socket takes.</summary>
    /// <param name="socket">Where to.</param>
    /// <param name="content">How many bytes of content were sent.</param>
    /// <returns><see cref="SocketStatus.Ok"/> when all was sent; <see cref="SocketStatus.WouldBlock"/> when some is left.</returns>
    public SocketStatus Send(IStreamSocket socket, out int content)
    {
        content = 0;
        SplitChunk();
        var buffers = new SendBuffers();
        Span<ReadOnlyMemory<byte>> list = buffers;
        while (_segments.Count > 0)
        {
            int count = 0;
            int total = 0;
            foreach (Segment segment in _segments)
            {
                list[count] = count == 0 ? segment.Memory[_headSent..] : segment.Memory;
                total += list[count++].Length;
                if (count == MaxBuffersPerSend)
                    break;
            }

            int sent = 0;
            SocketStatus status = total == 0 ? SocketStatus.Ok : socket.Send(list[..count], out sent);
            if (status != SocketStatus.Ok)
                return status;

            content += Consume(sent);
            if (sent < total)
                return SocketStatus.WouldBlock;
        }

        ReleaseChunk();
        return SocketStatus.Ok;
    }

    /// <summary>Drops everything, and gives back all memory.</summary>
    public void Clear()
    {
        SplitChunk();
        foreach (Segment segment in _segments)
            segment.Release();
        _segments.Clear();
        _headSent = 0;
        ReleaseChunk();
        Length = 0;
        ContentLength = 0;
    }

    private int Consume(int sent)
    {
        Length -= sent;
        int content = 0;
        while (_segments.TryPeek(out Segment segment))
        {
            int left = segment.Memory.Length - _headSent;
            int used = Math.Min(sent, left);
            sent -= used;
            if (segment.Block is not null)
                content += used;
            if (used < left)
            {
                _headSent += used;
                break;
            }

            _headSent = 0;
            _segments.Dequeue();
            segment.Release();
        }

        ContentLength -= content;
        return content;
    }

    /// <summary>Makes a segment of the messages written so far, so that what follows comes after them.</summary>
    private void SplitChunk()
    {
        if (_chunk is null || _chunkEnd == _chunkStart)
            return;

        _segments.Enqueue(new Segment(_chunk.AsMemory(_chunkStart.._chunkEnd), null, null));
        _chunkStart = _chunkEnd;
    }

    /// <summary>The chunk is full: it is given back with the last of its segments.</summary>
    private void EndChunk()
    {
        byte[] chunk = _chunk!;
        _segments.Enqueue(new Segment(chunk.AsMemory(_chunkStart.._chunkEnd), chunk, null));
        _chunk = null;
        _chunkStart = _chunkEnd = 0;
    }

    private void ReleaseChunk()
    {
        if (_chunk is null)
            return;

        ArrayPool<byte>.Shared.Return(_chunk);
        _chunk = null;
        _chunkStart = _chunkEnd = 0;
    }

    private readonly record struct Segment(ReadOnlyMemory<byte> Memory, byte[]? Rented, BlockBuffer? Block)
    {
        public void Release()
        {
            Block?.Release();
            if (Rented is not null)
                ArrayPool<byte>.Shared.Return(Rented);
        }
    }

    [System.Runtime.CompilerServices.InlineArray(MaxBuffersPerSend)]
    private struct SendBuffers
    {
        private ReadOnlyMemory<byte> _first;
    }
}
