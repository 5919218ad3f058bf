using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Tests.Network;

/// <summary>One end of a connection that keeps what it hears, and does what the test wants on top.</summary>
internal sealed class StreamProbe : IStreamHandler
{
    private byte[] _buffer = [];

    public IStreamSocket Socket { get; set; } = null!;

    public MemoryStream Received { get; } = new();

    /// <summary>How many bytes one call asks for.</summary>
    public int ReadSize { get; set; } = 256 * 1024;

    /// <summary>How often one notice leads to a call; many, as a rule, until nothing is left.</summary>
    public int ReadsPerNotice { get; set; } = int.MaxValue;

    public int ReadableNotices { get; private set; }

    public int WritableNotices { get; private set; }

    public bool IsConnected { get; private set; }

    public SocketError? ConnectError { get; private set; }

    /// <summary>How the connection ended, as the last receive told.</summary>
    public SocketStatus? End { get; private set; }

    public Action? WhenReadable { get; set; }

    public Action? WhenWritable { get; set; }

    public Action? WhenConnected { get; set; }

    public void OnConnected()
    {
        IsConnected = true;
        WhenConnected?.Invoke();
    }

    public void OnConnectFailed(SocketError error) => ConnectError = error;

    public void OnReadable()
    {
        ReadableNotices++;
        if (WhenReadable is not null)
            WhenReadable();
        else
            ReadAll();
    }

    public void OnWritable()
    {
        WritableNotices++;
        WhenWritable?.Invoke();
    }

    public void ReadAll()
    {
        for (int i = 0; i < ReadsPerNotice; i++)
        {
            if (_buffer.Length < ReadSize)
                _buffer = new byte[ReadSize];
            SocketStatus status = Socket.Receive(_buffer.AsSpan(0, ReadSize), out int count);
            Assert.Equal(status == SocketStatus.Ok, count > 0);
            Received.Write(_buffer, 0, count);
            if (status is SocketStatus.Closed or SocketStatus.Failed)
            {
                End = status;
                Socket.WantsRead = false;
            }

            if (status != SocketStatus.Ok)
                return;
        }
    }

    /// <summary>Sends a few bytes, which a fresh connection has room for.</summary>
    public void SendAll(byte[] bytes)
    {
        Assert.Equal(SocketStatus.Ok, Socket.Send([bytes], out int count));
        Assert.Equal(bytes.Length, count);
    }

    /// <summary>Sends until the socket takes no more.</summary>
    public long Fill(int chunk = 64 * 1024)
    {
        byte[] bytes = new byte[chunk];
        long total = 0;
        while (Socket.Send([bytes], out int count) == SocketStatus.Ok)
            total += count;
        return total;
    }
}
