using System.Net;
using System.Net.Sockets;
using OurTorrent.Loop;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

/// <summary>One end of a connection in a test: keeps what it hears, and sends what it is given.</summary>
internal sealed class StreamEnd(EngineLoop loop) : IStreamHandler
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private ReadOnlyMemory<byte> _toSend;

    public IStreamSocket Socket { get; set; } = null!;

    public TimeSpan? ConnectedAt { get; private set; }

    public SocketError? ConnectError { get; private set; }

    public TimeSpan? EndedAt { get; private set; }

    public SocketStatus? End { get; private set; }

    public TimeSpan LastReceivedAt { get; private set; }

    public MemoryStream Received { get; } = new();

    public int Unsent => _toSend.Length;

    /// <summary>Begins to connect. The loops turn only afterwards, as everywhere in the tests.</summary>
    public static StreamEnd Connect(EngineLoop loop, IPEndPoint remote, IPAddress? local = null)
    {
        var end = new StreamEnd(loop);
        loop.Post(() => end.Socket = loop.Network.Connect(remote, local, end));
        return end;
    }

    /// <summary>Sends bytes, as fast as the socket takes them.</summary>
    public void Send(ReadOnlyMemory<byte> bytes) => loop.Post(() =>
    {
        _toSend = bytes;
        OnWritable();
    });

    public void Close() => loop.Post(() => Socket.Close());

    public void OnConnected() => ConnectedAt = loop.Now;

    public void OnConnectFailed(SocketError error)
    {
        ConnectError = error;
        EndedAt = loop.Now;
    }

    public void OnReadable()
    {
        while (true)
        {
            SocketStatus status = Socket.Receive(_buffer, out int count);
            Received.Write(_buffer, 0, count);
            if (status == SocketStatus.Ok)
            {
                LastReceivedAt = loop.Now;
                continue;
            }

            if (status != SocketStatus.WouldBlock)
            {
                End = status;
                EndedAt = loop.Now;
                Socket.Close();
            }

            return;
        }
    }

    public void OnWritable()
    {
        while (!_toSend.IsEmpty && Socket.Send([_toSend], out int count) == SocketStatus.Ok)
            _toSend = _toSend[count..];
        Socket.WantsWrite = !_toSend.IsEmpty;
    }
}
