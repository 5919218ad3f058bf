using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Udp;

/// <summary>A client on a connected socket: it hears only what comes from the address it sends to.</summary>
internal sealed class FrontClient : IDisposable
{
    public FrontClient(IPEndPoint tracker)
    {
        Socket = new Socket(tracker.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 * 1024 * 1024 };
        Socket.Connect(tracker);
    }

    public Socket Socket { get; }

    public async Task<byte[]> ReceiveAsync()
    {
        byte[] buffer = new byte[2048];
        int length = await Socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return buffer[..length];
    }

    /// <summary>The answer to a datagram.</summary>
    public Task<byte[]> AskAsync(byte[] packet)
    {
        Socket.Send(packet);
        return ReceiveAsync();
    }

    public async Task<ulong> ConnectAsync()
    {
        Assert.True(UdpConnectResponse.TryParse(await AskAsync(ExchangeRig.ConnectRequest()), out UdpConnectResponse response));
        return response.ConnectionId;
    }

    public void Dispose() => Socket.Dispose();
}
