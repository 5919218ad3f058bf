using System.Net;
using System.Text;
using OurTorrent.Cli.Sharing;
using OurTorrent.Protocol;

namespace OurTorrent.Cli.Tests.Sharing;

public sealed class NewcomersTests
{
    private readonly StandingClock _time = new();

    [Fact]
    public void A_newcomer_is_given_time_to_connect_and_then_connected_to_once()
    {
        var newcomers = new Newcomers(_time);
        newcomers.Add(Id(1), At(6881));

        Assert.Empty(newcomers.Take([]));
        _time.Advance(Newcomers.Patience);

        Assert.Equal([At(6881)], newcomers.Take([]));
        Assert.Empty(newcomers.Take([]));
    }

    [Fact]
    public void One_that_has_connected_by_itself_is_left_alone()
    {
        var newcomers = new Newcomers(_time);
        newcomers.Add(Id(1), At(6881));
        newcomers.Add(Id(2), At(6882));
        newcomers.Take([new PeerStatus { EndPoint = At(50_000), Client = "a client", PeerId = Id(1) }]);

        _time.Advance(Newcomers.Patience);

        Assert.Equal([At(6882)], newcomers.Take([]));
    }

    private static PeerId Id(int number) => new(Encoding.ASCII.GetBytes($"-OT0100-{number:D12}"));

    private static IPEndPoint At(int port) => new(IPAddress.Loopback, port);

    private sealed class StandingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
