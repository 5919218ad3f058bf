using System.Buffers;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Hostile;

/// <summary>A peer that says what the test tells it to, byte for byte, and shows what it was told.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly PeerWireDecoder _decoder = new();
    private readonly ArrayBufferWriter<byte> _block = new();
    private int _start;
    private int _end;

    public static PeerCapabilities Everything => PeerCapabilities.Fast | PeerCapabilities.ExtensionProtocol;

    /// <summary>What came in its handshake.</summary>
    public PeerHandshake Theirs { get; private set; }

    public IPEndPoint LocalEndPoint => (IPEndPoint)socket.LocalEndPoint!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RawPeer> ConnectAsync(IPEndPoint remote, string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(remote, Cancelled);
        return new RawPeer(socket);
    }

    /// <summary>An id whose last byte is the number given.</summary>
    public static PeerId IdOf(int number)
    {
        var bytes = new byte[PeerId.Length];
        "-RP0000-"u8.CopyTo(bytes);
        bytes[^1] = (byte)number;
        return new PeerId(bytes);
    }

    /// <summary>Says hello and waits for the answer.</summary>
    public async Task ShakeHandsAsync(InfoHash infoHash, PeerCapabilities capabilities = PeerCapabilities.Fast, PeerId? id = null)
    {
        var bytes = new byte[PeerHandshake.WireLength];
        new PeerHandshake(capabilities, infoHash, id ?? IdOf(1)).Write(bytes);
        await SendAsync(bytes);
        Theirs = await ReadHandshakeAsync() ?? throw new IOException("The connection ended before the handshake.");
    }

    public async Task<PeerHandshake?> ReadHandshakeAsync()
    {
        var bytes = new byte[PeerHandshake.WireLength];
        for (int have = 0; have < bytes.Length;)
        {
            int count = await ReceiveAsync(bytes.AsMemory(have));
            if (count == 0)
                return null;
            have += count;
        }

        Assert.True(PeerHandshake.TryParse(bytes, out PeerHandshake handshake));
        return handshake;
    }

    public async Task SendAsync(params byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), Cancelled);
    }

    public Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return SendAsync(writer.WrittenSpan.ToArray());
    }

    public Task SendBlockAsync(BlockRequest request, ReadOnlyMemory<byte> data) => SendAsync(writer =>
    {
        PeerMessageWriter.WritePieceHeader(writer, request);
        writer.Write(data.Span);
    });

    /// <summary>The next message; null when the connection has ended.</summary>
    public async Task<Received?> ReadAsync()
    {
        while (true)
        {
            if (TryDecode(out Received? message))
                return message;
            _start = 0;
            _end = await ReceiveAsync(_buffer);
            if (_end == 0)
                return null;
        }
    }

    /// <summary>Reads on to the next message of a kind.</summary>
    public async Task<Received> ReadAsync(PeerMessageType type)
    {
        while (await ReadAsync() is { } message)
        {
            if (message.Type == type)
                return message;
        }

        throw new IOException($"The connection ended before {type} came.");
    }

    /// <summary>Reads until the other side closes the connection.</summary>
    public async Task<List<Received>> ReadToEndAsync()
    {
        var all = new List<Received>();
        while (await ReadAsync() is { } message)
            all.Add(message);
        return all;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        socket.Dispose();
    }

    private async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, Cancelled).AsTask().WaitAsync(Rig.Limit, Cancelled);
        }
        catch (SocketException)
        {
            // Closed with something of ours unread: as good as closed.
            return 0;
        }
    }

    private bool TryDecode(out Received? message)
    {
        message = null;
        while (true)
        {
            ReadOnlySpan<byte> input = _buffer.AsSpan(_start, _end - _start);
            PeerWireStatus status = _decoder.Read(ref input, out PeerMessage part);
            _start = _end - input.Length;
            switch (status)
            {
                case PeerWireStatus.NeedMore:
                    return false;
                case PeerWireStatus.BlockBegin:
                    _block.ResetWrittenCount();
                    break;
                case PeerWireStatus.BlockData:
                    _block.Write(part.Body);
                    break;
                case PeerWireStatus.BlockEnd:
                    message = new Received(PeerMessageType.Piece, _block.WrittenSpan.ToArray(), part.Block);
                    return true;
                case PeerWireStatus.Message:
                    message = new Received(part.Type, part.Body.ToArray(), default);
                    return true;
                default:
                    throw new InvalidOperationException($"What came breaks the protocol: {_decoder.Error}");
            }
        }
    }
}
