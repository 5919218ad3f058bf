using System.Net;
using System.Net.Sockets;
using OurTorrent.Loop;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

public sealed class VirtualStreamTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);
    private static readonly IPEndPoint ServerAddress = new(IPAddress.Parse("10.0.0.2"), 6881);

    private readonly Simulator _simulator = new(1);
    private readonly VirtualHost _one;
    private readonly VirtualHost _other;
    private readonly EngineLoop _client;
    private readonly EngineLoop _server;
    private readonly StreamAcceptor _acceptor;

    public VirtualStreamTests()
    {
        _one = _simulator.Network.AddHost(new HostOptions { Latency = TimeSpan.FromMilliseconds(20) }, "10.0.0.1", "2001:db8::1");
        _other = _simulator.Network.AddHost(new HostOptions { Latency = TimeSpan.FromMilliseconds(30) }, "10.0.0.2", "2001:db8::2");
        _client = _simulator.CreateLoop(_one);
        _server = _simulator.CreateLoop(_other);
        _acceptor = new StreamAcceptor(_server, new IPEndPoint(IPAddress.Any, 6881));
    }

    public void Dispose() => _simulator.Dispose();

    [Fact]
    public void Connecting_takes_a_round_trip_and_the_first_byte_half_of_one()
    {
        (StreamEnd end, StreamEnd far) = Connect();
        Assert.Equal(TimeSpan.FromMilliseconds(100), end.ConnectedAt);
        Assert.Equal(TimeSpan.FromMilliseconds(150), _acceptor.LastAcceptedAt);
        Assert.Equal(new IPEndPoint(_one.Addresses[0], end.Socket.LocalEndPoint!.Port), far.Socket.RemoteEndPoint);
        Assert.Equal(ServerAddress, far.Socket.LocalEndPoint);

        end.Send(new byte[] { 1, 2, 3 });
        _simulator.RunUntil(() => far.Received.Length == 3, Limit);
        Assert.Equal(TimeSpan.FromMilliseconds(200), far.LastReceivedAt);
        Assert.Equal([1, 2, 3], far.Received.ToArray());
    }

    [Fact]
    public void Bytes_arrive_whole_and_at_the_rate_of_the_slower_link()
    {
        foreach ((double up, double down) in new[] { (1e6, 0.0), (0.0, 1e6), (1e6, 4e6), (4e6, 1e6) })
        {
            _one.Options = _one.Options with { UploadRate = up };
            _other.Options = _other.Options with { DownloadRate = down };
            (StreamEnd end, StreamEnd far) = Connect();
            byte[] content = new byte[20_000_000];
            new Random(7).NextBytes(content);
            TimeSpan begun = _simulator.Time.Now;
            end.Send(content);
            _simulator.RunUntil(() => far.Received.Length == content.Length, Limit);

            Assert.InRange((far.LastReceivedAt - begun).TotalSeconds, 20.0, 20.2);
            Assert.Equal(content, far.Received.ToArray());
        }
    }

    [Fact]
    public void The_window_limits_the_rate_where_the_way_is_long()
    {
        // 256 KiB on the way for 2 x 0.5 s, and the news of room comes a quarter of a window late at the worst.
        _simulator.Network.SetLatency(_one, _other, TimeSpan.FromSeconds(0.5));
        (StreamEnd end, StreamEnd far) = Connect();
        TimeSpan begun = _simulator.Time.Now;
        end.Send(new byte[10 * 1024 * 1024]);
        _simulator.RunUntil(() => far.Received.Length == 10 * 1024 * 1024, Limit);

        Assert.InRange((far.LastReceivedAt - begun).TotalSeconds, 39, 55);
    }

    [Fact]
    public void Bytes_stay_in_order_whatever_sizes_they_are_sent_in()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            _one.Options = _one.Options with { UploadRate = 10_000_000 };
            _other.Options = _other.Options with { DownloadRate = random.Next(2) * 10_000_000 };
            (StreamEnd end, StreamEnd far) = Connect();
            byte[] content = new byte[2_000_000];
            random.NextBytes(content);
            for (int sent = 0; sent < content.Length;)
            {
                int length = Math.Min(random.Next(2) == 0 ? random.Next(1, 100) : random.Next(1, 40_000), content.Length - sent);
                end.Send(content.AsMemory(sent, length));
                sent += length;

                // A reader that stops now and then has the sender cut at the edge of its window.
                far.Socket.WantsRead = random.Next(4) == 0;
                _simulator.RunFor(TimeSpan.FromMilliseconds(random.Next(3)));
                far.Socket.WantsRead = true;
                _simulator.RunUntil(() => end.Unsent == 0, Limit);
            }

            _simulator.RunUntil(() => far.Received.Length == content.Length, Limit);
            Assert.True(content.AsSpan().SequenceEqual(far.Received.ToArray()), $"Out of order (seed {seed}).");
        }
    }

    [Fact]
    public void A_connection_that_breaks_in_the_middle_is_reset_at_both_ends()
    {
        (StreamEnd end, StreamEnd far) = Connect();
        end.Send(new byte[1_000_000]);
        _one.BreakConnections();
        _simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(SocketStatus.Failed, end.End);
        Assert.Equal(SocketStatus.Failed, far.End);
        Connect();
    }

    [Fact]
    public void A_host_with_another_address_is_found_there_and_its_old_connections_fall_silent()
    {
        (StreamEnd end, StreamEnd far) = Connect();
        _other.ChangeAddresses("10.0.0.77");
        end.Send(new byte[1000]);
        far.Send(new byte[1000]);
        StreamEnd lost = StreamEnd.Connect(_client, ServerAddress);
        StreamEnd found = StreamEnd.Connect(_client, new IPEndPoint(IPAddress.Parse("10.0.0.77"), 6881));
        _simulator.RunFor(TimeSpan.FromHours(1));

        Assert.Null(end.End);
        Assert.Equal(0, far.Received.Length + end.Received.Length);
        Assert.Equal(SocketError.HostUnreachable, lost.ConnectError);
        Assert.NotNull(found.ConnectedAt);
    }

    [Fact]
    public void Connections_share_an_uplink_evenly()
    {
        _one.Options = _one.Options with { UploadRate = 1e6 };
        (StreamEnd End, StreamEnd Far)[] pairs = [Connect(), Connect(), Connect(), Connect()];
        foreach ((StreamEnd end, _) in pairs)
            end.Send(new byte[10_000_000]);
        _simulator.RunFor(TimeSpan.FromSeconds(20));

        Assert.All(pairs, pair => Assert.InRange(pair.Far.Received.Length, 4_900_000, 5_100_000));
    }

    [Fact]
    public void A_program_that_does_not_read_stops_the_one_that_sends()
    {
        (StreamEnd end, StreamEnd far) = Connect();
        far.Socket.WantsRead = false;
        end.Send(new byte[2_000_000]);
        _simulator.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(2_000_000 - (512 * 1024), end.Unsent);
        Assert.Equal(0, far.Received.Length);

        _server.Post(() => far.Socket.WantsRead = true);
        _simulator.RunUntil(() => far.Received.Length == 2_000_000, Limit);
    }

    [Fact]
    public void A_close_is_seen_after_the_last_byte_on_its_way()
    {
        _one.Options = _one.Options with { UploadRate = 10_000 };
        (StreamEnd end, StreamEnd far) = Connect();
        end.Send(new byte[100_000]);
        end.Close();
        _simulator.RunUntil(() => far.End is not null, Limit);

        Assert.Equal(SocketStatus.Closed, far.End);
        Assert.Equal(100_000, far.Received.Length);
        Assert.InRange((far.EndedAt!.Value - end.ConnectedAt!.Value).TotalSeconds, 10, 10.2);
    }

    [Fact]
    public void A_close_with_bytes_unread_or_still_coming_is_a_reset()
    {
        (StreamEnd end, StreamEnd far) = Connect();
        far.Socket.WantsRead = false;
        end.Send(new byte[1000]);
        _simulator.RunFor(TimeSpan.FromSeconds(1));
        far.Close();
        _simulator.RunUntil(() => end.End is not null, Limit);
        Assert.Equal(SocketStatus.Failed, end.End);
        Assert.Equal(SocketError.ConnectionReset, end.Socket.Error);

        (end, far) = Connect();
        far.Close();
        end.Send(new byte[1000]);
        _simulator.RunUntil(() => end.End is not null, Limit);
        Assert.Equal(0, far.Received.Length);
    }

    [Fact]
    public void A_port_nobody_listens_on_and_a_host_that_refuses_say_no_after_a_round_trip()
    {
        StreamEnd noPort = StreamEnd.Connect(_client, new IPEndPoint(ServerAddress.Address, 1));
        _simulator.RunUntil(() => noPort.ConnectError is not null, Limit);
        Assert.Equal(SocketError.ConnectionRefused, noPort.ConnectError);
        Assert.Equal(TimeSpan.FromMilliseconds(100), noPort.EndedAt);

        _other.Options = _other.Options with { Incoming = IncomingConnections.Refuse };
        StreamEnd refused = StreamEnd.Connect(_client, ServerAddress);
        _simulator.RunUntil(() => refused.ConnectError is not null, Limit);
        Assert.Equal(SocketError.ConnectionRefused, refused.ConnectError);
    }

    [Fact]
    public void A_host_that_does_not_answer_is_tried_for_two_minutes()
    {
        _other.Options = _other.Options with { Incoming = IncomingConnections.Drop };
        StreamEnd end = StreamEnd.Connect(_client, ServerAddress);
        _simulator.RunUntil(() => end.ConnectError is not null, Limit);

        Assert.Equal(SocketError.TimedOut, end.ConnectError);
        Assert.Equal(TimeSpan.FromSeconds(127), end.EndedAt);
    }

    [Fact]
    public void What_cannot_begin_fails_at_once_and_an_address_of_nobody_soon()
    {
        StreamEnd nobody = StreamEnd.Connect(_client, new IPEndPoint(IPAddress.Parse("10.9.9.9"), 1));
        StreamEnd wrongFamily = StreamEnd.Connect(_client, ServerAddress, IPAddress.IPv6Loopback);
        StreamEnd notOurs = StreamEnd.Connect(_client, ServerAddress, ServerAddress.Address);
        _simulator.RunUntil(() => nobody.ConnectError is not null, Limit);

        Assert.Equal(SocketError.HostUnreachable, nobody.ConnectError);
        Assert.Equal(SocketError.AddressFamilyNotSupported, wrongFamily.ConnectError);
        Assert.Equal(SocketError.AddressNotAvailable, notOurs.ConnectError);
        Assert.Equal(TimeSpan.Zero, notOurs.EndedAt);
    }

    [Fact]
    public void A_cut_holds_the_bytes_back_until_it_heals()
    {
        (StreamEnd end, StreamEnd far) = Connect();
        _simulator.Network.Cut(_one, _other);
        end.Send(new byte[] { 1, 2, 3 });
        _simulator.RunFor(TimeSpan.FromSeconds(10));
        end.Send(new byte[] { 4 });
        _simulator.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(0, far.Received.Length);

        TimeSpan healed = _simulator.Time.Now;
        _simulator.Network.Heal(_one, _other);
        _simulator.RunUntil(() => far.Received.Length == 4, Limit);
        Assert.Equal([1, 2, 3, 4], far.Received.ToArray());
        Assert.Equal(healed + TimeSpan.FromMilliseconds(50), far.LastReceivedAt);
    }

    [Fact]
    public void A_connection_begun_in_isolation_is_made_after_it()
    {
        _simulator.Network.Isolate(_one);
        StreamEnd end = StreamEnd.Connect(_client, ServerAddress);
        _simulator.RunFor(TimeSpan.FromSeconds(5));
        Assert.Null(end.ConnectedAt);

        _simulator.Network.Rejoin(_one);
        _simulator.RunUntil(() => end.ConnectedAt is not null && _acceptor.Ends.Count == 1, Limit);
        Assert.Equal(TimeSpan.FromSeconds(7.1), end.ConnectedAt);
    }

    [Fact]
    public void A_connection_closed_before_it_stands_is_nobody_s()
    {
        StreamEnd early = StreamEnd.Connect(_client, ServerAddress);
        early.Close();
        StreamEnd late = StreamEnd.Connect(_client, ServerAddress);

        // In the moment between the answer's arrival and the program's hearing of it: the other end has been accepted.
        _simulator.RunFor(TimeSpan.FromMilliseconds(99));
        _simulator.Time.After(TimeSpan.FromMilliseconds(1), () => late.Socket.Close());
        _simulator.RunFor(TimeSpan.FromSeconds(5));

        Assert.Null(early.ConnectedAt);
        Assert.Null(late.ConnectedAt);
        Assert.Equal(SocketStatus.Failed, Assert.Single(_acceptor.Ends).End);
    }

    [Fact]
    public void A_host_reaches_itself_without_its_links_and_others_over_IPv6()
    {
        _one.Options = _one.Options with { UploadRate = 1, DownloadRate = 1 };
        var own = new StreamAcceptor(_client, new IPEndPoint(IPAddress.Loopback, 0));
        StreamEnd self = StreamEnd.Connect(_client, own.Socket.LocalEndPoint);
        _simulator.RunUntil(() => own.Ends.Count == 1, Limit);
        self.Send(new byte[100_000]);
        _simulator.RunUntil(() => own.Ends[0].Received.Length == 100_000, TimeSpan.FromMilliseconds(1));

        var six = new StreamAcceptor(_server, new IPEndPoint(IPAddress.IPv6Any, 6881));
        StreamEnd end = StreamEnd.Connect(_client, new IPEndPoint(_other.Addresses[1], 6881));
        _simulator.RunUntil(() => six.Ends.Count == 1, Limit);
        Assert.Equal(_one.Addresses[1], six.Ends[0].Socket.RemoteEndPoint.Address);
        Assert.NotNull(end.ConnectedAt);
    }

    [Fact]
    public void A_taken_port_and_a_foreign_address_are_refused()
    {
        var taken = Assert.Throws<SocketException>(() => new StreamAcceptor(_server, ServerAddress));
        var foreign = Assert.Throws<SocketException>(() => new StreamAcceptor(_server, new IPEndPoint(_one.Addresses[0], 1)));
        Assert.Equal(SocketError.AddressAlreadyInUse, taken.SocketErrorCode);
        Assert.Equal(SocketError.AddressNotAvailable, foreign.SocketErrorCode);

        _acceptor.Socket.Close();
        _acceptor.Socket.Close();
        Assert.Equal(ServerAddress, new StreamAcceptor(_server, ServerAddress).Socket.LocalEndPoint);
    }

    [Fact]
    public async Task Names_are_known_or_not_without_waiting()
    {
        _simulator.Network.AddName("tracker.example", ServerAddress.Address);
        CancellationToken token = TestContext.Current.CancellationToken;

        Assert.Equal([ServerAddress.Address], await Completed(_client.Network.ResolveAsync("Tracker.example", token)));
        Assert.Equal([IPAddress.Loopback], await Completed(_client.Network.ResolveAsync("127.0.0.1", token)));
        await Assert.ThrowsAsync<SocketException>(() => Completed(_client.Network.ResolveAsync("nobody.example", token)));

        static Task<IPAddress[]> Completed(Task<IPAddress[]> task)
        {
            Assert.True(task.IsCompleted);
            return task;
        }
    }

    private (StreamEnd Client, StreamEnd Server) Connect()
    {
        int before = _acceptor.Ends.Count;
        StreamEnd end = StreamEnd.Connect(_client, ServerAddress);
        _simulator.RunUntil(() => _acceptor.Ends.Count > before, Limit);
        return (end, _acceptor.Ends[^1]);
    }
}
