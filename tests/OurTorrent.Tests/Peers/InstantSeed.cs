using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Peers;

/// <summary>
/// A network with one peer on it, which has everything and answers each request with zeros. It allocates nothing once it
/// runs, so that what is allocated is the engine's.
/// </summary>
internal sealed class InstantSeed : INetwork, IStreamSocket, IListenSocket
{
    private const int RequestLength = 17;

    private readonly Queue<BlockRequest> _requests = new(4096);
    private readonly byte[] _out = new byte[1024];
    private IStreamHandler? _handler;
    private int _outLength;
    private bool _connected;
    private bool _greeted;

    public IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 2);

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 1);

    public bool WantsRead { get; set; } = true;

    public bool WantsWrite { get; set; }

    public SocketError Error => SocketError.Success;

    public void Poll(TimeSpan timeout)
    {
        if (_handler is null)
            return;
        if (!_connected)
        {
            _connected = true;
            _handler.OnConnected();
        }
        else if (WantsRead && (_outLength > 0 || _requests.Count > 0))
        {
            _handler.OnReadable();
        }
    }

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler)
    {
        _handler = handler;
        return this;
    }

    public SocketStatus Receive(Span<byte> buffer, out int count)
    {
        _out.AsSpan(0, _outLength).CopyTo(buffer);
        count = _outLength;
        _outLength = 0;
        while (_requests.TryPeek(out BlockRequest request) && buffer.Length - count >= 13 + request.Length)
        {
            _requests.Dequeue();
            count += PeerMessageWriter.WritePieceHeader(buffer[count..], request);
            buffer.Slice(count, request.Length).Clear();
            count += request.Length;
        }

        return count > 0 ? SocketStatus.Ok : SocketStatus.WouldBlock;
    }

    public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
    {
        count = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            count += buffer.Length;
            Read(buffer.Span);
        }

        return SocketStatus.Ok;
    }

    public void Close() => _handler = null;

    public void Wake()
    {
        // Nobody waits.
    }

    public void Dispose() => Close();

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler) => this;

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler) => throw new NotSupportedException();

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => throw new NotSupportedException();

    // The engine sends whole messages.
    private void Read(ReadOnlySpan<byte> bytes)
    {
        if (!_greeted)
        {
            Assert.True(PeerHandshake.TryParse(bytes, out PeerHandshake handshake));
            _greeted = true;
            new PeerHandshake(PeerCapabilities.Fast, handshake.InfoHash, new Protocol.PeerId(new byte[20])).Write(_out);
            _outLength = PeerHandshake.WireLength;
            _outLength += PeerMessageWriter.WriteHaveAll(_out.AsSpan(_outLength));
            _outLength += PeerMessageWriter.WriteUnchoke(_out.AsSpan(_outLength));
            bytes = bytes[PeerHandshake.WireLength..];
        }

        while (!bytes.IsEmpty)
        {
            int length = 4 + BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (length == RequestLength && bytes[4] == (byte)PeerMessageType.Request && BlockRequest.TryParse(bytes[5..length], out BlockRequest request))
                _requests.Enqueue(request);
            bytes = bytes[length..];
        }
    }
}
