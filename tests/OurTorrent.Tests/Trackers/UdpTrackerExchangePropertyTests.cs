using System.Net;
using CsCheck;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

/// <summary>Whatever trackers say, in whatever order.</summary>
public sealed class UdpTrackerExchangePropertyTests
{
    private const int MaxSteps = 40;

    private static readonly IPEndPoint[] Trackers = [IPEndPoint.Parse("192.0.2.1:80"), IPEndPoint.Parse("192.0.2.2:80"), IPEndPoint.Parse("[2001:db8::1]:80")];

    private enum Does
    {
        Begins,
        Answers,
        LetsTimePass,
    }

    private static readonly Gen<(Does Does, int Tracker, int Number, byte[] Body)[]> Scripts = Gen.Select(
        Gen.Enum<Does>(), Gen.Int[0, Trackers.Length - 1], Gen.Int[0, 5], Gen.Byte.Array[0, 40]).Array[1, MaxSteps];

    [Fact]
    public void Each_request_has_one_outcome_and_answers_bring_out_no_more_than_one_datagram_a_request() => Scripts.Sample(script =>
    {
        var outcomes = new List<int>();
        int sent = 0;
        uint lastId = 0;
        TimeSpan now = TimeSpan.Zero;
        var exchange = new UdpTrackerExchange(
            (_, _) =>
            {
                sent++;
                return true;
            },
            () => ++lastId,
            new UdpExchangeOptions());
        foreach ((Does does, int tracker, int number, byte[] body) in script)
        {
            int before = sent;
            switch (does)
            {
                case Does.Begins:
                    int index = outcomes.Count;
                    outcomes.Add(0);
                    var announce = new AnnounceRequest { InfoHash = default, PeerId = default, Port = 1 };
                    exchange.Begin(new UdpAnnounce(Trackers[tracker], 2, announce, [], (_, _) => outcomes[index]++), now);
                    break;
                case Does.Answers:
                    // To the latest requests, and to those that were given up for others.
                    var packet = new byte[UdpResponseHeader.WireLength + body.Length];
                    new UdpResponseHeader((UdpAction)(number % 4), lastId - (uint)(number / 4)).Write(packet);
                    body.CopyTo(packet, UdpResponseHeader.WireLength);
                    exchange.OnDatagram(packet, Trackers[tracker], now);
                    break;
                case Does.LetsTimePass when exchange.NextWake is { } wake:
                    now = wake;
                    exchange.Advance(now);
                    break;
            }

            Assert.InRange(sent - before, 0, outcomes.Count + 1);
        }

        for (int waits = 0; exchange.NextWake is { } wake; waits++)
        {
            Assert.True(waits < MaxSteps * 4 && wake >= now);
            now = wake;
            exchange.Advance(now);
        }

        Assert.All(outcomes, count => Assert.Equal(1, count));
    });
}
