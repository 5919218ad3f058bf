using OurTorrent.Engines;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Swarms;

namespace OurTorrent.Streaming;

/// <summary>A file of a torrent as a stream: reads wait for the pieces they need, and have them fetched first.</summary>
internal sealed class TorrentStream(Engine engine, Swarm swarm, TorrentFile file) : Stream
{
    /// <summary>How far ahead of the reader pieces are hurried, in bytes; and never fewer than two pieces.</summary>
    private const int ReadAhead = 8 * 1024 * 1024;

    private long _position;
    private bool _closed;

    /// <inheritdoc/>
    public override bool CanRead => !_closed;

    /// <inheritdoc/>
    public override bool CanSeek => !_closed;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        long left = file.Length - _position;
        if (left <= 0 || buffer.IsEmpty)
            return 0;

        long at = file.Offset + _position;
        int pieceLength = swarm.Metainfo.PieceLength;
        var piece = (int)(at / pieceLength);
        var count = (int)Math.Min(Math.Min(buffer.Length, left), ((piece + 1L) * pieceLength) - at);
        int end = Math.Min(file.EndPiece, piece + Math.Max(2, ReadAhead / pieceLength));

        try
        {
            Task arrived = await engine.Loop.InvokeAsync(() => swarm.WaitForPiece(this, piece, end))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            await arrived.WaitAsync(cancellationToken).ConfigureAwait(false);

            // Not given up on cancellation: the disk thread writes into the caller's memory until it is done.
            Task<int> reading = await engine.Loop.InvokeAsync(() => swarm.ReadFile(file, _position, buffer[..count]))
                .ConfigureAwait(false);
            int read = await reading.ConfigureAwait(false);
            if (read == 0)
                throw new IOException($"{file.DisplayPath} ends at {_position} of {file.Length} bytes: it was cut or removed after it was verified.");

            _position += read;
            return read;
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException($"{swarm.Metainfo.Name} is not running: its session is closed.", e);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => file.Length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is ever written.
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A torrent's file cannot be changed.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A torrent's file cannot be changed.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_closed && disposing)
        {
            _closed = true;
            engine.Loop.Post(() => swarm.LeaveReader(this));
        }

        base.Dispose(disposing);
    }
}
