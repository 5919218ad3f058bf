using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Loop;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class UdpTrackerClientTests : IDisposable
{
    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::1");
    private static readonly AnnounceRequest Request = new() { InfoHash = default, PeerId = default, Port = 1 };

    private readonly FakeTimeProvider _time = new();
    private readonly DatagramNetwork _network = new();
    private readonly EngineLoop _loop;
    private readonly List<(AnnounceResponse? Response, TrackerFailure? Failure)> _outcomes = [];
    private uint _lastId;

    public UdpTrackerClientTests() => _loop = new EngineLoop(_network, _time, e => Assert.Fail(e.ToString()));

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void The_addresses_of_a_host_are_tried_in_turn()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V6, V4]);
        Announce();
        Assert.Equal([new IPEndPoint(V6, 80)], _network.Sent.Select(s => s.Remote));

        Pass(15);
        Assert.Equal([new IPEndPoint(V6, 80), new IPEndPoint(V4, 80)], _network.Sent.Select(s => s.Remote));
        Pass(15);
        Assert.Equal("timed out after 30 s", Assert.Single(_outcomes).Failure!.Message);
    }

    [Fact]
    public void An_address_that_cannot_be_sent_to_is_passed_over_at_once()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V6, V4]);
        _network.Unreachable.Add(V6);
        Announce();
        Assert.Equal(new IPEndPoint(V4, 80), Assert.Single(_network.Sent).Remote);
    }

    [Fact]
    public void A_host_without_IPv6_asks_over_IPv4()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V6, V4]);
        _network.IsIPv4Only = true;
        Announce();
        Assert.Equal(new IPEndPoint(V4, 80), Assert.Single(_network.Sent).Remote);
    }

    [Fact]
    public void Where_no_address_can_be_sent_to_the_announce_fails_at_once()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V6, V4]);
        _network.Unreachable.UnionWith([V6, V4]);
        Announce();
        Assert.Equal(
            new TrackerFailure(TrackerFailureReason.Unreachable, "the host cannot be reached from here"),
            Assert.Single(_outcomes).Failure);
    }

    [Fact]
    public void The_address_given_decides_the_family_and_is_bound_to()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V6, V4]);
        Announce(new TrackerTransportOptions { BindAddress = IPAddress.Parse("192.0.2.77") });

        Assert.Equal([IPEndPoint.Parse("192.0.2.77:0")], _network.Opened);
        Assert.Equal(new IPEndPoint(V4, 80), Assert.Single(_network.Sent).Remote);
    }

    [Fact]
    public void A_host_without_an_address_of_the_right_family_fails()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V6]);
        Announce(new TrackerTransportOptions { BindAddress = IPAddress.Parse("192.0.2.77") });
        Assert.Equal("tracker.example has no address of the right kind", Assert.Single(_outcomes).Failure!.Message);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "the host name tracker.example is not known")]
    [InlineData(SocketError.TryAgain, "the name server gave no answer for tracker.example")]
    public void A_name_that_is_not_known_fails(SocketError error, string message)
    {
        _network.Lookup = _ => Task.FromException<IPAddress[]>(new SocketException((int)error));
        Announce();
        Assert.Equal(new TrackerFailure(TrackerFailureReason.NameNotResolved, message), Assert.Single(_outcomes).Failure);
    }

    [Fact]
    public void The_limit_ends_a_lookup_that_does_not()
    {
        _network.Lookup = _ => new TaskCompletionSource<IPAddress[]>().Task;
        Announce();
        Pass(44);
        Assert.Empty(_outcomes);
        Pass(1);
        Assert.Equal("timed out after 45 s", Assert.Single(_outcomes).Failure!.Message);
    }

    [Fact]
    public void An_announce_given_up_during_the_lookup_sends_nothing()
    {
        var lookup = new TaskCompletionSource<IPAddress[]>();
        _network.Lookup = _ => lookup.Task;
        ITrackerCall call = Announce();
        call.Cancel();
        call.Cancel();
        lookup.SetResult([V4]);
        Pass(100);

        Assert.Empty(_network.Sent);
        Assert.Empty(_outcomes);
    }

    [Fact]
    public void An_announce_given_up_is_not_sent_again()
    {
        _network.Lookup = _ => Task.FromResult<IPAddress[]>([V4]);
        ITrackerCall call = Announce();
        call.Cancel();
        Pass(100);

        Assert.Single(_network.Sent);
        Assert.Empty(_outcomes);
    }

    [Fact]
    public void Nobody_hears_of_a_failure_before_the_call_has_returned()
    {
        var transport = new TrackerTransport(_loop, null!, () => ++_lastId, new TrackerTransportOptions());
        transport.Announce("wss://x/", Request, TimeSpan.FromSeconds(45), (response, failure) => _outcomes.Add((response, failure)));
        Assert.Empty(_outcomes);
        _loop.Turn(wait: false);
        Assert.Equal(TrackerFailureReason.UnsupportedScheme, Assert.Single(_outcomes).Failure!.Reason);
    }

    private ITrackerCall Announce(TrackerTransportOptions? options = null)
    {
        var client = new UdpTrackerClient(_loop, () => ++_lastId, options ?? new TrackerTransportOptions());
        ITrackerCall call = client.Announce(
            new TrackerUrl(TrackerScheme.Udp, "tracker.example", 80, "/"),
            Request,
            TimeSpan.FromSeconds(45),
            (response, failure) => _outcomes.Add((response, failure)));
        _loop.Turn(wait: false);
        return call;
    }

    private void Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _loop.Turn(wait: false);
    }
}
