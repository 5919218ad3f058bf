using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Tests.Network;

public sealed class StreamTests
{
    public static TheoryData<NetworkKind> Kinds { get; } = NetworkKinds.All;

    [Theory, MemberData(nameof(Kinds))]
    public void Both_ends_know_each_other_s_address(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();

        Assert.Equal(client.Socket.LocalEndPoint, server.Socket.RemoteEndPoint);
        Assert.Equal(server.Socket.LocalEndPoint, client.Socket.RemoteEndPoint);
        Assert.False(server.IsConnected);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_address_to_connect_from_is_kept(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint, IPAddress.Loopback);
        rig.RunUntil(() => client.IsConnected);

        Assert.Equal(IPAddress.Loopback, client.Socket.LocalEndPoint!.Address);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Connections_run_over_IPv6_too(NetworkKind kind)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair(IPAddress.IPv6Loopback);
        client.SendAll([1, 2, 3]);
        rig.RunUntil(() => server.Received.Length == 3);

        Assert.Equal(IPAddress.IPv6Loopback, server.Socket.RemoteEndPoint.Address);
        Assert.Equal([1, 2, 3], server.Received.ToArray());
    }

    [Theory]
    [MemberData(nameof(NetworkKinds.WithSizes), MemberType = typeof(NetworkKinds))]
    public void Megabytes_come_back_as_they_were_sent(NetworkKind kind, int sendSize, int readSize, int total)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        byte[] content = new byte[total];
        new Random(5).NextBytes(content);

        var echo = new Pump(server.Socket, sendSize);
        server.WhenReadable = () =>
        {
            byte[] buffer = new byte[readSize];
            if (server.Socket.Receive(buffer, out int count) == SocketStatus.Ok)
                echo.Add(buffer.AsMemory(0, count));
        };
        server.WhenWritable = echo.Run;
        client.ReadSize = readSize;

        var source = new Pump(client.Socket, sendSize);
        client.WhenWritable = source.Run;
        source.Add(content);
        rig.RunUntil(() => client.Received.Length >= total);

        Assert.Equal(content, client.Received.ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Many_buffers_leave_in_order_and_no_more_than_sixty_four_at_once(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        ReadOnlyMemory<byte>[] buffers = [.. Enumerable.Range(0, 100).Select(i => (ReadOnlyMemory<byte>)new byte[] { (byte)i, (byte)i })];
        buffers[3] = default;

        Assert.Equal(SocketStatus.Ok, client.Socket.Send(buffers, out int count));
        Assert.Equal(126, count);
        rig.RunUntil(() => server.Received.Length == count);

        Assert.Equal(Enumerable.Range(0, 64).Where(i => i != 3).SelectMany(i => new[] { (byte)i, (byte)i }), server.Received.ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Sending_nothing_takes_nothing(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, _) = rig.Pair();

        Assert.Equal(SocketStatus.Ok, client.Socket.Send([], out int none));
        Assert.Equal(SocketStatus.Ok, client.Socket.Send([default(ReadOnlyMemory<byte>)], out int empty));
        Assert.Equal(SocketStatus.Ok, client.Socket.Send([default(ReadOnlyMemory<byte>), default], out int several));
        Assert.Equal(SocketStatus.WouldBlock, client.Socket.Receive([], out int received));
        Assert.Equal([0, 0, 0, 0], [none, empty, several, received]);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_left_unread_is_told_of_again(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        server.ReadSize = 1;
        server.ReadsPerNotice = 1;
        client.SendAll([1, 2, 3, 4, 5]);
        rig.RunUntil(() => server.Received.Length == 5);

        Assert.Equal(5, server.ReadableNotices);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_receiver_that_does_not_read_stops_the_sender_until_it_does(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        server.Socket.WantsRead = false;
        long sent = client.Fill();
        rig.RunABit();
        sent += client.Fill();
        rig.RunABit();
        sent += client.Fill();
        client.Socket.WantsWrite = true;
        rig.RunABit();

        Assert.Equal(0, server.ReadableNotices);
        Assert.Equal(0, client.WritableNotices);
        Assert.Equal(SocketStatus.WouldBlock, client.Socket.Send([new byte[1]], out _));

        server.Socket.WantsRead = true;
        rig.RunUntil(() => client.WritableNotices > 0);
        client.Socket.WantsWrite = false;
        Assert.Equal(SocketStatus.Ok, client.Socket.Send([new byte[1]], out _));
        rig.RunUntil(() => server.Received.Length == sent + 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_socket_with_room_is_told_so_as_long_as_it_asks(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, _) = rig.Pair();
        rig.RunABit();
        Assert.Equal(0, client.WritableNotices);

        client.Socket.WantsWrite = true;
        rig.RunUntil(() => client.WritableNotices >= 3);
        client.Socket.WantsWrite = false;
        int notices = client.WritableNotices;
        rig.RunABit();

        Assert.Equal(notices, client.WritableNotices);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void An_orderly_close_is_seen_after_the_last_byte(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        byte[] content = new byte[100_000];
        new Random(1).NextBytes(content);
        server.Socket.WantsRead = false;
        client.SendAll(content);
        client.Socket.Close();
        client.Socket.Close();
        server.Socket.WantsRead = true;
        rig.RunUntil(() => server.End is not null);

        Assert.Equal(SocketStatus.Closed, server.End);
        Assert.Equal(content, server.Received.ToArray());
        Assert.Equal(SocketStatus.Closed, server.Socket.Receive(new byte[1], out _));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Whatever_was_taken_before_a_close_arrives(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        server.Socket.WantsRead = false;
        long sent = client.Fill();
        client.Socket.Close();
        rig.RunABit();
        server.Socket.WantsRead = true;
        rig.RunUntil(() => server.End is not null);

        Assert.Equal(SocketStatus.Closed, server.End);
        Assert.Equal(sent, server.Received.Length);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_reset_is_seen_as_a_failure(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        client.Socket.WantsRead = false;
        server.SendAll(new byte[1000]);
        rig.RunABit();

        // Closing with bytes unread resets the connection.
        client.Socket.Close();
        rig.RunUntil(() => server.End is not null);

        Assert.Equal(SocketStatus.Failed, server.End);
        Assert.Equal(SocketError.ConnectionReset, server.Socket.Error);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Sending_on_a_reset_connection_fails(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        client.Socket.WantsRead = false;
        server.SendAll(new byte[1000]);
        rig.RunABit();
        client.Socket.Close();
        server.Socket.WantsRead = false;
        rig.RunABit();

        rig.RunUntil(() => server.Socket.Send([new byte[1], new byte[1]], out _) == SocketStatus.Failed);
        Assert.NotEqual(SocketError.Success, server.Socket.Error);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_reset_nobody_asked_about_does_not_keep_the_loop_busy(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        server.Socket.WantsRead = false;
        client.Socket.WantsRead = false;
        server.SendAll(new byte[1000]);
        rig.RunABit();
        client.Socket.Close();
        rig.RunABit();

        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        rig.Network.Poll(TimeSpan.FromMilliseconds(60));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds, 40, 30_000);
        Assert.Equal(0, server.ReadableNotices + server.WritableNotices);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_connection_to_a_closed_port_is_refused(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using Socket holder = NetworkRig.HoldClosedPort();
        StreamProbe client = rig.Connect((IPEndPoint)holder.LocalEndPoint!);
        Assert.Null(client.ConnectError);
        rig.RunUntil(() => client.ConnectError is not null);

        Assert.Equal(SocketError.ConnectionRefused, client.ConnectError);
        Assert.False(client.IsConnected);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_connection_that_cannot_even_begin_fails_in_a_later_poll(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);

        // TCP has no broadcast: the system says no before a packet is made.
        StreamProbe broadcast = rig.Connect(new IPEndPoint(IPAddress.Broadcast, 9));
        StreamProbe wrongFamily = rig.Connect(new IPEndPoint(IPAddress.Loopback, 9), IPAddress.IPv6Loopback);
        StreamProbe notOurs = rig.Connect(new IPEndPoint(IPAddress.Loopback, 9), IPAddress.Parse("192.0.2.1"));
        Assert.Null(broadcast.ConnectError);
        Assert.Null(wrongFamily.ConnectError);
        Assert.Null(notOurs.ConnectError);
        rig.RunUntil(() => broadcast.ConnectError is not null && wrongFamily.ConnectError is not null && notOurs.ConnectError is not null);

        Assert.Equal(SocketError.AddressNotAvailable, notOurs.ConnectError);
        Assert.NotEqual(SocketError.Success, broadcast.ConnectError);
        Assert.NotEqual(SocketError.Success, wrongFamily.ConnectError);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_connection_closed_before_its_outcome_hears_nothing(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using Socket holder = NetworkRig.HoldClosedPort();
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        StreamProbe[] probes =
        [
            rig.Connect(new IPEndPoint(IPAddress.Broadcast, 9)),
            rig.Connect((IPEndPoint)holder.LocalEndPoint!),
            rig.Connect(listener.Socket.LocalEndPoint),
        ];
        foreach (StreamProbe probe in probes)
            probe.Socket.Close();
        rig.RunABit();

        Assert.All(probes, probe => Assert.True(probe is { IsConnected: false, ConnectError: null, ReadableNotices: 0 }));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_closed_socket_moves_no_bytes(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, _) = rig.Pair();
        client.Socket.Close();

        Assert.Equal(SocketStatus.Failed, client.Socket.Receive(new byte[1], out _));
        Assert.Equal(SocketStatus.Failed, client.Socket.Send([new byte[1]], out _));
        Assert.Equal(SocketStatus.Failed, client.Socket.Send([new byte[1], new byte[1]], out _));
        Assert.NotEqual(SocketError.Success, client.Socket.Error);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_handler_may_close_its_own_socket(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        server.WhenReadable = server.Socket.Close;
        server.Socket.WantsWrite = true;
        server.WhenWritable = () => server.Socket.WantsWrite = false;
        client.SendAll([1]);
        rig.RunUntil(() => client.End is not null);
        rig.RunABit();

        Assert.Equal(1, server.ReadableNotices);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_handler_may_close_every_other_socket_and_open_new_ones_in_their_place(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        StreamProbe[] clients = [.. Enumerable.Range(0, 20).Select(_ => rig.Connect(listener.Socket.LocalEndPoint))];
        rig.RunUntil(() => listener.Accepted.Count == 20 && clients.All(client => client.IsConnected));

        StreamProbe[] servers = [.. listener.Accepted];
        StreamProbe? survivor = null;
        var successors = new List<StreamProbe>();
        foreach (StreamProbe server in servers)
        {
            server.WhenReadable = () =>
            {
                Assert.True(survivor is null || survivor == server, "A closed socket was told.");
                if (survivor is null)
                {
                    survivor = server;
                    foreach (StreamProbe other in servers.Where(other => other != server))
                        other.Socket.Close();

                    // These are given the descriptors and places that have just become free.
                    for (int i = 0; i < 19; i++)
                        successors.Add(rig.Connect(listener.Socket.LocalEndPoint));
                }

                server.ReadAll();
            };
        }

        foreach (StreamProbe client in clients)
            client.SendAll([7]);
        rig.RunUntil(() => successors.Count == 19 && successors.All(successor => successor.IsConnected));

        Assert.Single(servers, server => server.ReadableNotices > 0);
        Assert.All(successors, successor => Assert.Equal(0, successor.ReadableNotices + successor.WritableNotices));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_handler_that_throws_costs_nobody_else_an_event(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        (StreamProbe badClient, StreamProbe bad) = rig.Pair();
        (StreamProbe goodClient, StreamProbe good) = rig.Pair();
        bad.WhenReadable = () =>
        {
            bad.ReadAll();
            throw new InvalidOperationException("As the test wants it.");
        };
        badClient.SendAll([1]);
        goodClient.SendAll([2]);

        Assert.Throws<InvalidOperationException>(() => rig.RunUntil(static () => false));
        rig.RunUntil(() => good.Received.Length == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Hundreds_of_connections_talk_at_once(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        listener.IsWanted = server =>
        {
            server.WhenReadable = () =>
            {
                byte[] buffer = new byte[100];
                if (server.Socket.Receive(buffer, out int count) == SocketStatus.Ok)
                    server.SendAll(buffer[..count]);
            };
            return true;
        };

        StreamProbe[] clients = [.. Enumerable.Range(0, 300).Select(_ => rig.Connect(listener.Socket.LocalEndPoint))];
        foreach ((int i, StreamProbe client) in clients.Index())
            client.WhenConnected = () => client.SendAll([(byte)i, (byte)(i >> 8)]);
        rig.RunUntil(() => clients.All(client => client.Received.Length == 2));

        Assert.All(clients.Index(), pair => Assert.Equal([(byte)pair.Index, (byte)(pair.Index >> 8)], pair.Item.Received.ToArray()));
    }
}
