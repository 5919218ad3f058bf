using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Tests.Network;

public sealed class ListenTests
{
    public static TheoryData<NetworkKind> Kinds { get; } = NetworkKinds.All;

    [Theory, MemberData(nameof(Kinds))]
    public void The_port_it_was_given_is_known(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);

        Assert.Equal(IPAddress.Loopback, listener.Socket.LocalEndPoint.Address);
        Assert.NotEqual(0, listener.Socket.LocalEndPoint.Port);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_port_in_use_is_refused(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);

        var e = Assert.Throws<SocketException>(() => new ListenProbe(rig, listener.Socket.LocalEndPoint));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void An_address_of_another_host_is_refused(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);

        var e = Assert.Throws<SocketException>(() => new ListenProbe(rig, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));
        Assert.Equal(SocketError.AddressNotAvailable, e.SocketErrorCode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_port_whose_connections_linger_can_be_listened_on_again(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint);
        rig.RunUntil(() => client.IsConnected && listener.Accepted.Count == 1);

        // The side that closes first is the one the connection lingers on.
        listener.Accepted[0].Socket.Close();
        rig.RunUntil(() => client.End is not null);
        client.Socket.Close();
        listener.Dispose();

        using var again = new ListenProbe(rig, listener.Socket.LocalEndPoint);
        Assert.Equal(listener.Socket.LocalEndPoint, again.Socket.LocalEndPoint);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_IPv4_and_the_IPv6_side_of_a_port_are_two_listeners(NetworkKind kind)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        using var rig = new NetworkRig(kind);
        using var four = new ListenProbe(rig, new IPEndPoint(IPAddress.Any, 0));
        using var six = new ListenProbe(rig, new IPEndPoint(IPAddress.IPv6Any, four.Socket.LocalEndPoint.Port));
        StreamProbe viaFour = rig.Connect(new IPEndPoint(IPAddress.Loopback, four.Socket.LocalEndPoint.Port));
        StreamProbe viaSix = rig.Connect(new IPEndPoint(IPAddress.IPv6Loopback, four.Socket.LocalEndPoint.Port));
        rig.RunUntil(() => viaFour.IsConnected && viaSix.IsConnected && four.Accepted.Count == 1 && six.Accepted.Count == 1);

        Assert.Equal(IPAddress.Loopback, four.Accepted[0].Socket.RemoteEndPoint.Address);
        Assert.Equal(IPAddress.IPv6Loopback, six.Accepted[0].Socket.RemoteEndPoint.Address);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_connection_nobody_wants_is_closed(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort) { IsWanted = static _ => false };
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint);
        rig.RunUntil(() => client.End is not null);

        Assert.Single(listener.Accepted);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_connection_whose_acceptance_throws_is_closed_and_the_next_is_accepted(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort)
        {
            IsWanted = static _ => throw new InvalidOperationException("As the test wants it."),
        };
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint);
        Assert.Throws<InvalidOperationException>(() => rig.RunUntil(() => client.End is not null));
        rig.RunUntil(() => client.End is not null);

        listener.IsWanted = static _ => true;
        StreamProbe second = rig.Connect(listener.Socket.LocalEndPoint);
        rig.RunUntil(() => second.IsConnected && listener.Accepted.Count == 2);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_connection_may_be_used_and_closed_while_it_is_accepted(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        listener.IsWanted = server =>
        {
            server.SendAll([1, 2, 3]);
            server.Socket.Close();
            return true;
        };
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint);
        rig.RunUntil(() => client.End is not null);

        Assert.Equal([1, 2, 3], client.Received.ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_closed_listener_accepts_nobody(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        listener.Dispose();
        listener.Dispose();
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint);
        rig.RunUntil(() => client.ConnectError is not null);

        Assert.Empty(listener.Accepted);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_listener_may_be_closed_while_it_accepts(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        listener.IsWanted = _ =>
        {
            listener.Dispose();
            return true;
        };
        StreamProbe[] clients = [.. Enumerable.Range(0, 5).Select(_ => rig.Connect(listener.Socket.LocalEndPoint))];
        rig.RunUntil(() => clients.Count(client => client.End is not null || client.ConnectError is not null) == 4);

        Assert.Single(listener.Accepted);
    }
}
