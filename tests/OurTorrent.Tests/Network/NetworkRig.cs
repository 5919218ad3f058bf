using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;
using OurTorrent.Network.Epoll;
using OurTorrent.Network.Managed;

namespace OurTorrent.Tests.Network;

/// <summary>A network under test, polled on the test's own thread.</summary>
internal sealed class NetworkRig(NetworkKind kind) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public INetwork Network { get; } = Create(kind);

    public static IPEndPoint AnyPort { get; } = new(IPAddress.Loopback, 0);

    /// <summary>Polls until something is so, and fails the test when it never is.</summary>
    public void RunUntil(Func<bool> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "What the test waits for did not happen.");
            Network.Poll(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Polls for what may still be under way, where the test is about something not happening.</summary>
    public void RunABit()
    {
        for (int i = 0; i < 10; i++)
            Network.Poll(TimeSpan.FromMilliseconds(5));
    }

    /// <summary>Two ends of a connection on this network.</summary>
    public (StreamProbe Client, StreamProbe Server) Pair(IPAddress? address = null)
    {
        using var listener = new ListenProbe(this, new IPEndPoint(address ?? IPAddress.Loopback, 0));
        StreamProbe client = Connect(listener.Socket.LocalEndPoint);
        RunUntil(() => client.IsConnected && listener.Accepted.Count == 1);
        return (client, listener.Accepted[0]);
    }

    /// <summary>Begins to connect.</summary>
    public StreamProbe Connect(IPEndPoint remote, IPAddress? local = null)
    {
        var probe = new StreamProbe();
        probe.Socket = Network.Connect(remote, local, probe);
        return probe;
    }

    /// <summary>A port of this machine that nobody listens on, and nobody can as long as the holder lives.</summary>
    public static Socket HoldClosedPort()
    {
        var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(AnyPort);
        return holder;
    }

    public void Dispose() => Network.Dispose();

    private static INetwork Create(NetworkKind kind) =>
        kind == NetworkKind.Epoll ? new EpollNetwork(TimeProvider.System) : new ManagedNetwork(TimeProvider.System);
}
