using System.Buffers;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>One connection of a <see cref="RawPeer"/>.</summary>
internal sealed class RawConnection(RawPeer peer, Misbehavior behavior, IPEndPoint remote) : IStreamHandler, IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _handshake = new byte[PeerHandshake.WireLength];
    private readonly PeerWireDecoder _decoder = new();
    private readonly Queue<ReadOnlyMemory<byte>> _out = new();
    private IStreamSocket? _socket;
    private int _handshakeLength;
    private bool _isDialled;
    private bool _isClosed;

    /// <summary>The peer at this end.</summary>
    public RawPeer Peer => peer;

    /// <summary>The other end, as it was dialled or came.</summary>
    public IPEndPoint Remote => remote;

    /// <summary>Whether both have shaken hands.</summary>
    public bool IsOpen => !_isClosed && _handshakeLength == PeerHandshake.WireLength;

    /// <summary>Whether everything that was sent has left.</summary>
    public bool IsIdle => _out.Count == 0;

    public void Connect()
    {
        _isDialled = true;
        _socket = peer.Loop.Network.Connect(remote, local: null, this);
    }

    public void Accepted(IStreamSocket socket) => _socket = socket;

    public void OnConnected() => SendHandshake();

    public void OnConnectFailed(SocketError error)
    {
        _isClosed = true;
        peer.Ended(this);
    }

    public void OnReadable()
    {
        while (!_isClosed)
        {
            SocketStatus status = _socket!.Receive(_buffer, out int count);
            if (status == SocketStatus.WouldBlock)
                return;
            if (status != SocketStatus.Ok)
            {
                Close();
                return;
            }

            Process(_buffer.AsSpan(0, count));
        }
    }

    public void OnWritable()
    {
        while (!_isClosed && _out.TryPeek(out ReadOnlyMemory<byte> next))
        {
            SocketStatus status = _socket!.Send([next], out int count);
            if (status == SocketStatus.Failed)
            {
                Close();
                return;
            }

            if (count < next.Length)
            {
                ReadOnlyMemory<byte>[] rest = [next[count..], .. _out.Skip(1)];
                _out.Clear();
                foreach (ReadOnlyMemory<byte> bytes in rest)
                    _out.Enqueue(bytes);
                _socket.WantsWrite = true;
                return;
            }

            _out.Dequeue();
        }

        if (!_isClosed)
            _socket!.WantsWrite = false;
    }

    /// <summary>Sends messages.</summary>
    public void Send(Action<IBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        Send(writer.WrittenSpan.ToArray());
    }

    /// <summary>Sends bytes as they are.</summary>
    public void Send(ReadOnlyMemory<byte> bytes)
    {
        _out.Enqueue(bytes);
        OnWritable();
    }

    /// <summary>Sends a block.</summary>
    /// <param name="request">Which.</param>
    /// <param name="isTrue">Whether it is the right one; otherwise a byte is changed.</param>
    public void SendBlock(BlockRequest request, bool isTrue = true)
    {
        peer.BlocksSent++;
        Send(MessageOf(request, isTrue));
    }

    /// <summary>The message that carries a block.</summary>
    public byte[] MessageOf(BlockRequest request, bool isTrue = true)
    {
        var bytes = new byte[PeerMessageWriter.PieceHeaderLength + request.Length];
        Span<byte> block = bytes.AsSpan(PeerMessageWriter.WritePieceHeader(bytes, request));
        peer.Content.Bytes.Slice((request.Piece * peer.Metainfo.PieceLength) + request.Offset, block.Length).CopyTo(block);
        if (isTrue)
            return bytes;
        block[peer.Random.Next(block.Length)] ^= 0xff;
        peer.Deceived.Add(remote.Address);
        return bytes;
    }

    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _socket?.Close();
        _decoder.Dispose();
        peer.Ended(this);
    }

    public void Dispose() => Close();

    private void SendHandshake()
    {
        var bytes = new byte[PeerHandshake.WireLength];
        new PeerHandshake(behavior.Capabilities, peer.Metainfo.InfoHashes.Wire, peer.Id).Write(bytes);
        Send(bytes);
    }

    private void Process(ReadOnlySpan<byte> input)
    {
        if (_handshakeLength < PeerHandshake.WireLength)
        {
            int count = Math.Min(PeerHandshake.WireLength - _handshakeLength, input.Length);
            input[..count].CopyTo(_handshake.AsSpan(_handshakeLength));
            _handshakeLength += count;
            input = input[count..];
            if (_handshakeLength < PeerHandshake.WireLength)
                return;
            if (!_isDialled)
                SendHandshake();
            peer.Handshakes.Add(peer.Loop.Now);
            behavior.Opened(this);
        }

        while (!_isClosed)
        {
            switch (_decoder.Read(ref input, out PeerMessage message))
            {
                case PeerWireStatus.NeedMore:
                    return;
                case PeerWireStatus.Message when message.TryGetRequest(out BlockRequest request) && message.Type == PeerMessageType.Request:
                    behavior.Asked(this, request);
                    break;
                case PeerWireStatus.Message when message.Type == PeerMessageType.Interested:
                    behavior.Interested(this);
                    break;
                case PeerWireStatus.Invalid:
                    throw new InvalidOperationException($"What an engine sent breaks the protocol: {_decoder.Error}");
            }
        }
    }
}
