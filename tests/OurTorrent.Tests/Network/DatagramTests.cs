using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Tests.Network;

public sealed class DatagramTests
{
    public static TheoryData<NetworkKind> Kinds { get; } = NetworkKinds.All;

    [Theory, MemberData(nameof(Kinds))]
    public void Datagrams_arrive_whole_with_their_sender(NetworkKind kind) => Exchange(kind, IPAddress.Loopback);

    [Theory, MemberData(nameof(Kinds))]
    public void Datagrams_run_over_IPv6_too(NetworkKind kind)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        Exchange(kind, IPAddress.IPv6Loopback);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void An_empty_and_a_very_long_datagram_arrive(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var one = new DatagramProbe(rig, NetworkRig.AnyPort);
        var other = new DatagramProbe(rig, NetworkRig.AnyPort);
        byte[] longest = new byte[65_507];
        new Random(3).NextBytes(longest);
        Assert.True(one.Socket.Send([], other.Socket.LocalEndPoint));
        Assert.True(one.Socket.Send(longest, other.Socket.LocalEndPoint));
        rig.RunUntil(() => other.Received.Count == 2);

        Assert.Empty(other.Received[0].Bytes);
        Assert.Equal(longest, other.Received[1].Bytes);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_cannot_be_sent_is_dropped(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var probe = new DatagramProbe(rig, NetworkRig.AnyPort);

        Assert.False(probe.Socket.Send(new byte[65_508], probe.Socket.LocalEndPoint));
        Assert.False(probe.Socket.Send([1], new IPEndPoint(IPAddress.IPv6Loopback, 9)));
        probe.Socket.Close();
        probe.Socket.Close();
        Assert.False(probe.Socket.Send([1], probe.Socket.LocalEndPoint));
        rig.RunABit();
        Assert.Empty(probe.Received);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_datagram_to_nobody_does_not_disturb_the_socket(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var nobody = new DatagramProbe(rig, NetworkRig.AnyPort);
        nobody.Socket.Close();
        var one = new DatagramProbe(rig, NetworkRig.AnyPort);
        for (int i = 0; i < 10; i++)
            one.Socket.Send([1], nobody.Socket.LocalEndPoint);
        rig.RunABit();
        Assert.True(one.Socket.Send([2], one.Socket.LocalEndPoint));
        rig.RunUntil(() => one.Received.Count == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_port_in_use_is_refused(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var probe = new DatagramProbe(rig, NetworkRig.AnyPort);

        var e = Assert.Throws<SocketException>(() => new DatagramProbe(rig, probe.Socket.LocalEndPoint));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_socket_may_be_closed_by_its_own_datagram(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var one = new DatagramProbe(rig, NetworkRig.AnyPort);
        var other = new DatagramProbe(rig, NetworkRig.AnyPort);
        other.WhenReceived = other.Socket.Close;
        for (int i = 0; i < 5; i++)
            one.Socket.Send([1], other.Socket.LocalEndPoint);
        rig.RunUntil(() => other.Received.Count > 0);
        rig.RunABit();

        Assert.Single(other.Received);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Many_senders_are_told_apart(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var server = new DatagramProbe(rig, NetworkRig.AnyPort);
        DatagramProbe[] senders = [.. Enumerable.Range(0, 300).Select(_ => new DatagramProbe(rig, NetworkRig.AnyPort))];
        for (int round = 0; round < 2; round++)
        {
            foreach (DatagramProbe sender in senders)
            {
                int expected = server.Received.Count + 1;
                Assert.True(sender.Socket.Send(BitConverter.GetBytes(sender.Socket.LocalEndPoint.Port), server.Socket.LocalEndPoint));
                rig.RunUntil(() => server.Received.Count == expected);
            }
        }

        Assert.All(server.Received, received => Assert.Equal(BitConverter.ToInt32(received.Bytes), received.Remote.Port));
    }

    private static void Exchange(NetworkKind kind, IPAddress address)
    {
        using var rig = new NetworkRig(kind);
        var one = new DatagramProbe(rig, new IPEndPoint(address, 0));
        var other = new DatagramProbe(rig, new IPEndPoint(address, 0));
        Assert.True(one.Socket.Send([1, 2, 3], other.Socket.LocalEndPoint));
        rig.RunUntil(() => other.Received.Count == 1);
        Assert.True(other.Socket.Send([4], other.Received[0].Remote));
        rig.RunUntil(() => one.Received.Count == 1);

        Assert.Equal([1, 2, 3], other.Received[0].Bytes);
        Assert.Equal(one.Socket.LocalEndPoint, other.Received[0].Remote);
        Assert.Equal(other.Socket.LocalEndPoint, one.Received[0].Remote);
    }
}
