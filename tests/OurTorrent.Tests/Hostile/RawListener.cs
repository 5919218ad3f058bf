using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Tests.Hostile;

/// <summary>Where a <see cref="RawPeer"/> waits to be dialled.</summary>
internal sealed class RawListener : IDisposable
{
    private readonly TcpListener _listener;

    /// <summary>Begins to listen; addresses of 127/8 tell peers apart that are to have addresses of their own.</summary>
    public RawListener(string address = "127.0.0.1")
    {
        _listener = new TcpListener(IPAddress.Parse(address), 0);
        _listener.Start();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public async Task<RawPeer> AcceptAsync() =>
        new(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(Rig.Limit, TestContext.Current.CancellationToken));

    public void Dispose() => _listener.Dispose();
}
