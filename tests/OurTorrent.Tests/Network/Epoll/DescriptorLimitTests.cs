using System.Diagnostics;
using System.Net.Sockets;

namespace OurTorrent.Tests.Network.Epoll;

/// <summary>The limit is the whole process's, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(DescriptorLimitTests), DisableParallelization = true)]
[Collection(nameof(DescriptorLimitTests))]
public sealed class DescriptorLimitTests
{
    public static TheoryData<NetworkKind> Kinds { get; } = NetworkKinds.All;

    [Theory, MemberData(nameof(Kinds))]
    public void Without_descriptors_newcomers_wait_while_the_loop_does_not_spin_and_connecting_fails(NetworkKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set the Linux way.");
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        (StreamProbe standing, StreamProbe far) = rig.Pair();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        using (new DescriptorLimit())
        {
            client.Connect(listener.Socket.LocalEndPoint);
            StreamProbe refused = rig.Connect(listener.Socket.LocalEndPoint);
            rig.RunUntil(() => refused.ConnectError is not null);
            Assert.Equal(SocketError.TooManyOpenSockets, refused.ConnectError);

            // Each poll that ends before its time was ended by the listener: a pause stands between those.
            long started = Stopwatch.GetTimestamp();
            int polls = 0;
            for (; Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(300); polls++)
                rig.Network.Poll(TimeSpan.FromMilliseconds(50));
            Assert.InRange(polls, 1, 30);
            Assert.Empty(listener.Accepted);

            // Whoever is connected already is served as ever.
            standing.SendAll([1]);
            rig.RunUntil(() => far.Received.Length == 1);
        }

        rig.RunUntil(() => listener.Accepted.Count == 1);
    }
}
