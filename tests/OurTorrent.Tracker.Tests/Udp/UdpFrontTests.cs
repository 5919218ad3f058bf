using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Udp;

public sealed class UdpFrontTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string, bool, int> Ways
    {
        get
        {
            var ways = new TheoryData<string, string, bool, int>();
            foreach ((string endPoint, string address) in ((string, string)[])
                [("127.0.0.1:0", "127.0.0.1"), ("[::1]:0", "::1"), ("0.0.0.0:0", "127.0.0.1"), ("[::]:0", "::1"), ("[::]:0", "127.0.0.1"), ("[::ffff:127.0.0.1]:0", "127.0.0.1")])
            {
                foreach (bool managed in (bool[])[false, true])
                {
                    ways.Add(endPoint, address, managed, 1);
                    ways.Add(endPoint, address, managed, 2);
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Requests_are_answered(string endPoint, string address, bool managed, int workers)
    {
        await using FrontRig rig = FrontRig.Start(endPoint, managed, workers);
        using FrontClient client = rig.Client(address);
        bool isIPv6 = address == "::1";

        ulong id = await client.ConnectAsync();
        byte[] announced = await client.AskAsync(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id)));
        byte[] scraped = await client.AskAsync(ExchangeRig.ScrapeRequest(id, ExchangeRig.Hash(1)));

        Assert.True(UdpAnnounceResponse.TryParse(announced, isIPv6, out UdpAnnounceResponse response, out CompactPeers peers));
        Assert.Equal((7, 5), (response.Leechers, response.Seeders));
        Assert.Equal(CannedSwarms.Peer(2, isIPv6), peers[2]);
        Assert.Equal(20, scraped.Length);
        Assert.Equal(3, rig.Counters.Where((_, i) => i % 2 == (isIPv6 ? 1 : 0)).Sum(counters => counters.Connects + counters.Announces + counters.Scrapes));
    }

    [Theory]
    [InlineData("0.0.0.0:0", "127.0.0.5")]
    [InlineData("[::]:0", "127.0.0.5")]
    public async Task An_answer_comes_from_the_address_that_was_asked(string endPoint, string address)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems choose the address themselves.");
        await using FrontRig rig = FrontRig.Start(endPoint);
        using FrontClient client = rig.Client(address);

        Assert.Equal(16, (await client.AskAsync(ExchangeRig.ConnectRequest())).Length);
    }

    [Fact]
    public async Task What_is_sent_to_a_whole_network_is_dropped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell.");
        await using FrontRig rig = FrontRig.Start("0.0.0.0:0");
        using var everybody = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        using FrontClient client = rig.Client("127.0.0.1");

        everybody.SendTo(ExchangeRig.ConnectRequest(), new IPEndPoint(IPAddress.Parse("127.255.255.255"), rig.Port));
        await client.ConnectAsync();

        Assert.Equal((1, 1), (rig.Counters[0].Dropped, rig.Counters[0].Connects));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_of_IPv4_and_all_of_IPv6_may_be_asked_for_side_by_side(bool managed)
    {
        await using FrontRig rig = await OnSomePortAsync(port => new FrontRig(
            swarms: null, managed, workers: 2, new IPEndPoint(IPAddress.IPv6Any, port), new IPEndPoint(IPAddress.Any, port)));
        using FrontClient ipv4 = rig.Client("127.0.0.1");
        using FrontClient ipv6 = rig.Client("::1");

        await ipv4.ConnectAsync();
        await ipv6.ConnectAsync();

        Assert.Equal(2, rig.EndPoints.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_taken_port_is_said_clearly_and_nothing_is_left_open(bool managed)
    {
        // The other is a tracker whose workers share their port among them.
        await using FrontRig other = FrontRig.Start("127.0.0.1:0", managed, workers: 2);
        await using var rig = new FrontRig(
            swarms: null, managed, workers: 2, new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, other.Port));

        var error = Assert.Throws<TrackerException>(rig.Start);

        Assert.Equal(TrackerErrorReason.PortTaken, error.Reason);
        Assert.Contains($"127.0.0.1:{other.Port}", error.Message, StringComparison.Ordinal);
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(rig.EndPoints[0]);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_said_clearly()
    {
        await using var rig = new FrontRig(swarms: null, managed: false, workers: 1, IPEndPoint.Parse("192.0.2.1:0"));

        Assert.Equal(TrackerErrorReason.AddressNotAvailable, Assert.Throws<TrackerException>(rig.Start).Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_too_long_or_no_request_is_passed_over(bool managed)
    {
        await using FrontRig rig = FrontRig.Start("127.0.0.1:0", managed);
        using FrontClient client = rig.Client("127.0.0.1");

        client.Socket.Send(new byte[3000]);
        client.Socket.Send(new byte[60_000]);
        client.Socket.Send(Array.Empty<byte>());
        client.Socket.Send([1, 2, 3]);
        await client.ConnectAsync();

        Assert.Equal((4, 1), (rig.Counters[0].Malformed, rig.Counters[0].Connects));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_burst_is_answered_whole(bool managed, int workers)
    {
        await using FrontRig rig = FrontRig.Start("127.0.0.1:0", managed, workers);
        using FrontClient client = rig.Client("127.0.0.1");
        HashSet<uint> answered = [];

        for (uint i = 0; i < 200; i++)
        {
            byte[] request = new byte[UdpConnectRequest.WireLength];
            new UdpConnectRequest(i).Write(request);
            client.Socket.Send(request);
        }

        for (int i = 0; i < 200; i++)
        {
            Assert.True(UdpConnectResponse.TryParse(await client.ReceiveAsync(), out UdpConnectResponse response));
            Assert.True(answered.Add(response.TransactionId));
        }
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("[::1]:0", "::1")]
    [InlineData("[::]:0", "127.0.0.1")]
    public async Task Where_it_is_asked_for_the_requests_for_a_swarm_meet_the_same_worker(string endPoint, string address)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux steers.");
        const int Workers = 3;
        await using FrontRig rig = FrontRig.StartSteered(endPoint, Workers);
        int family = address == "::1" ? 1 : 0;

        for (int swarm = 0; swarm < Workers; swarm++)
        {
            long[] before = [.. Enumerable.Range(0, Workers).Select(worker => rig.Counters[(2 * worker) + family].Announces)];
            for (int i = 0; i < 8; i++)
            {
                using FrontClient client = rig.Client(address);
                UdpAnnounceRequest fields = ExchangeRig.AnnounceFields(await client.ConnectAsync()) with { InfoHash = HashThatBegins((uint)swarm) };
                await client.AskAsync(ExchangeRig.AnnounceRequest(fields, new byte[i]));
            }

            for (int worker = 0; worker < Workers; worker++)
                Assert.Equal(before[worker] + (worker == swarm ? 8 : 0), rig.Counters[(2 * worker) + family].Announces);
        }
    }

    [Fact]
    public async Task The_requests_of_a_client_meet_the_same_worker()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere workers share a socket.");
        await using FrontRig rig = FrontRig.Start("127.0.0.1:0", workers: 2);
        using FrontClient client = rig.Client("127.0.0.1");

        for (int i = 0; i < 10; i++)
            await client.ConnectAsync();

        Assert.Equal(10, Math.Max(rig.Counters[0].Connects, rig.Counters[2].Connects));
    }

    [Fact]
    public async Task Where_it_is_asked_for_connects_are_shared_out_by_their_transaction_id()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux steers.");
        await using FrontRig rig = FrontRig.StartSteered("127.0.0.1:0", workers: 2);
        using FrontClient client = rig.Client("127.0.0.1");

        for (uint i = 0; i < 10; i++)
        {
            byte[] request = new byte[UdpConnectRequest.WireLength];
            new UdpConnectRequest(i).Write(request);
            await client.AskAsync(request);
        }

        Assert.Equal((5, 5), (rig.Counters[0].Connects, rig.Counters[2].Connects));
    }

    [Theory]
    [InlineData("127.0.0.1:0", false)]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("[::]:0", false)]
    [InlineData("[::]:0", true)]
    public async Task A_front_that_waits_stops_at_once_and_leaves_its_port(string endPoint, bool managed)
    {
        await using FrontRig rig = FrontRig.Start(endPoint, managed, workers: 2);
        using (FrontClient client = rig.Client("127.0.0.1"))
            await client.ConnectAsync();

        await rig.StopAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        await rig.StopAsync();

        using var free = new Socket(rig.EndPoints[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(rig.EndPoints[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_front_goes_on_after_a_request_that_made_it_fail(bool managed)
    {
        var swarms = new CannedSwarms();
        var failed = new TaskCompletionSource();
        swarms.WhenAnnounced = () =>
        {
            if (failed.TrySetResult())
                throw new InvalidOperationException("As a bug would.");
        };
        await using FrontRig rig = FrontRig.Start("127.0.0.1:0", managed, workers: 1, swarms);
        using FrontClient client = rig.Client("127.0.0.1");
        ulong id = await client.ConnectAsync();

        client.Socket.Send(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id)));
        await failed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(38, (await client.AskAsync(ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(id)))).Length);
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1", false)]
    [InlineData("127.0.0.1:0", "127.0.0.1", true)]
    [InlineData("[::]:0", "127.0.0.1", false)]
    [InlineData("[::]:0", "127.0.0.1", true)]
    [InlineData("[::]:0", "::1", false)]
    [InlineData("[::]:0", "::1", true)]
    public async Task A_datagram_allocates_nothing(string endPoint, string address, bool managed)
    {
        const int Announces = 2000;
        const int Window = 50;
        long[] allocated = new long[Announces];
        int count = 0;
        var swarms = new CannedSwarms { WhenAnnounced = () => allocated[count++] = GC.GetAllocatedBytesForCurrentThread() };
        await using FrontRig rig = FrontRig.Start(endPoint, managed, workers: 1, swarms);
        using FrontClient client = rig.Client(address);
        byte[] request = ExchangeRig.AnnounceRequest(ExchangeRig.AnnounceFields(await client.ConnectAsync()));

        for (int i = 0; i < Announces; i++)
            await client.AskAsync(request);

        // What the runtime adds, once in a while, is not in every window.
        Assert.Equal(0, Enumerable.Range(1, (Announces / Window) - 1).Min(i => allocated[i * Window] - allocated[(i - 1) * Window]));
    }

    private static InfoHash HashThatBegins(uint number)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        bytes.Fill(0xee);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new InfoHash(bytes);
    }

    /// <summary>Starts on a port that was free a moment ago; on another where somebody was faster.</summary>
    private static async Task<FrontRig> OnSomePortAsync(Func<int, FrontRig> create)
    {
        for (int tries = 0; ; tries++)
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
            probe.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            FrontRig rig = create(((IPEndPoint)probe.LocalEndPoint!).Port);
            probe.Close();
            try
            {
                rig.Start();
                return rig;
            }
            catch (TrackerException) when (tries < 20)
            {
                await rig.DisposeAsync();
            }
        }
    }
}
