using System.Diagnostics;
using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Tests.Network;

public sealed class PollTests
{
    public static TheoryData<NetworkKind> Kinds { get; } = NetworkKinds.All;

    // The waits of Windows count in ticks of its clock and may end within the last.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(OperatingSystem.IsWindows() ? 16 : 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Kinds))]
    public void A_poll_without_events_lasts_its_time(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        long started = Stopwatch.GetTimestamp();
        rig.Network.Poll(TimeSpan.FromMilliseconds(30.2));

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(30.2) - Tick);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_wake_from_another_thread_ends_a_wait_without_end(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        for (int i = 0; i < 200; i++)
        {
            Task waking = Task.Run(rig.Network.Wake, Token);
            rig.Network.Poll(Timeout.InfiniteTimeSpan);
            await waking;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_wake_before_the_wait_is_not_lost_and_many_count_as_one(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        for (int i = 0; i < 10; i++)
            rig.Network.Wake();
        rig.Network.Poll(Timeout.InfiniteTimeSpan);

        long started = Stopwatch.GetTimestamp();
        rig.Network.Poll(TimeSpan.FromMilliseconds(30));
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(30) - Tick);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Wakes_that_race_the_end_do_no_harm(NetworkKind kind)
    {
        for (int i = 0; i < 50; i++)
        {
            var rig = new NetworkRig(kind);
            Task waking = Task.Run(
                () =>
                {
                    for (int j = 0; j < 100; j++)
                        rig.Network.Wake();
                },
                Token);
            rig.Network.Poll(TimeSpan.FromSeconds(1));
            rig.Dispose();
            await waking;
            rig.Network.Wake();
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Disposing_closes_every_connection_and_tells_no_handler(NetworkKind kind)
    {
        using var outside = new NetworkRig(kind);
        using var listener = new ListenProbe(outside, NetworkRig.AnyPort);
        var rig = new NetworkRig(kind);
        var inner = new ListenProbe(rig, NetworkRig.AnyPort);
        StreamProbe client = rig.Connect(listener.Socket.LocalEndPoint);
        rig.RunUntil(() => client.IsConnected);
        outside.RunUntil(() => listener.Accepted.Count == 1);
        rig.Network.OpenDatagram(NetworkRig.AnyPort, new NoDatagrams());
        rig.Connect(inner.Socket.LocalEndPoint);
        rig.Dispose();
        rig.Dispose();
        outside.RunUntil(() => listener.Accepted[0].End is not null);
        StreamProbe late = outside.Connect(inner.Socket.LocalEndPoint);
        outside.RunUntil(() => late.ConnectError is not null);

        Assert.Equal(0, client.ReadableNotices + client.WritableNotices);
        Assert.Throws<ObjectDisposedException>(() => rig.Network.Poll(TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => rig.Connect(listener.Socket.LocalEndPoint));
        Assert.Throws<ObjectDisposedException>(() => new ListenProbe(rig, NetworkRig.AnyPort));
        client.Socket.Close();
        client.Socket.WantsWrite = true;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_handler_may_dispose_the_network(NetworkKind kind)
    {
        var rig = new NetworkRig(kind);
        var pairs = Enumerable.Range(0, 5).Select(_ => rig.Pair()).ToList();
        foreach ((StreamProbe client, StreamProbe server) in pairs)
        {
            server.WhenReadable = rig.Dispose;
            client.SendAll([1]);
        }

        Assert.Throws<ObjectDisposedException>(() => rig.RunUntil(static () => false));
        Assert.Equal(1, pairs.Sum(pair => pair.Server.ReadableNotices));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Busy_sockets_leave_the_others_their_turn(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        using var listener = new ListenProbe(rig, NetworkRig.AnyPort);
        StreamProbe[] busy = [.. Enumerable.Range(0, 300).Select(_ => rig.Connect(listener.Socket.LocalEndPoint))];
        rig.RunUntil(() => busy.All(probe => probe.IsConnected) && listener.Accepted.Count == 300);
        foreach (StreamProbe probe in busy)
            probe.Socket.WantsWrite = true;
        (StreamProbe client, StreamProbe server) = rig.Pair();
        client.SendAll([1]);
        rig.RunUntil(() => server.Received.Length == 1);
        rig.RunUntil(() => busy.All(probe => probe.WritableNotices > 0));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_literal_address_is_answered_at_once_and_a_name_in_time(NetworkKind kind)
    {
        using var rig = new NetworkRig(kind);
        Task<IPAddress[]> four = rig.Network.ResolveAsync("192.0.2.7", Token);
        Task<IPAddress[]> six = rig.Network.ResolveAsync("2001:db8::7", Token);

        Assert.True(four.IsCompletedSuccessfully && six.IsCompletedSuccessfully);
        Assert.Equal([IPAddress.Parse("192.0.2.7")], await four);
        Assert.Equal([IPAddress.Parse("2001:db8::7")], await six);
        Assert.Contains(await rig.Network.ResolveAsync("localhost", Token), IPAddress.IsLoopback);
    }

    [Fact]
    public void Linux_has_epoll_and_others_the_managed_sockets()
    {
        using INetwork network = NetworkFactory.Create();

        Assert.Equal(OperatingSystem.IsLinux() ? "EpollNetwork" : "ManagedNetwork", network.GetType().Name);
    }

    private sealed class NoDatagrams : IDatagramHandler
    {
        public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote)
        {
        }
    }
}
