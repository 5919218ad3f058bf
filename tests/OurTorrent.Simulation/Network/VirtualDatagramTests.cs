using System.Net;
using System.Net.Sockets;
using OurTorrent.Loop;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

public sealed class VirtualDatagramTests : IDatagramHandler
{
    private readonly List<(int Length, IPEndPoint Remote, TimeSpan At)> _received = [];
    private EngineLoop _receiver = null!;

    [Fact]
    public void A_datagram_takes_the_latency_and_names_its_sender()
    {
        using var simulator = new Simulator(1);
        (IDatagramSocket sender, IDatagramSocket receiver) = Open(simulator, new HostOptions());
        Assert.True(sender.Send(new byte[100], receiver.LocalEndPoint));
        simulator.RunUntil(() => _received.Count == 1, TimeSpan.FromMinutes(1));

        Assert.Equal((100, sender.LocalEndPoint, TimeSpan.FromMilliseconds(20)), _received[0]);
    }

    [Fact]
    public void Some_are_lost_as_chance_has_it_and_the_same_with_the_same_seed()
    {
        int[] counts = [Count(1), Count(1), Count(2)];

        Assert.All(counts, count => Assert.InRange(count, 650, 790));
        Assert.Equal(counts[0], counts[1]);
        Assert.NotEqual(counts[0], counts[2]);

        int Count(int seed)
        {
            _received.Clear();
            using var simulator = new Simulator(seed);
            (IDatagramSocket sender, IDatagramSocket receiver) = Open(simulator, new HostOptions { DatagramLoss = 0.15 });
            for (int i = 0; i < 1000; i++)
            {
                sender.Send(new byte[10], receiver.LocalEndPoint);
                simulator.RunFor(TimeSpan.FromMilliseconds(1));
            }

            simulator.RunFor(TimeSpan.FromSeconds(1));
            return _received.Count;
        }
    }

    [Fact]
    public void They_keep_to_the_uplink_and_what_is_too_much_is_dropped()
    {
        using var simulator = new Simulator(1);
        (IDatagramSocket sender, IDatagramSocket receiver) = Open(simulator, new HostOptions { UploadRate = 100_000 });
        int taken = Enumerable.Range(0, 1000).Count(_ => sender.Send(new byte[1000], receiver.LocalEndPoint));
        Assert.InRange(taken, 260, 265);
        simulator.RunFor(TimeSpan.FromSeconds(10));

        Assert.Equal(taken, _received.Count);
        Assert.InRange(_received[^1].At.TotalSeconds, 2.6, 2.7);
    }

    [Fact]
    public void Jitter_lets_them_overtake_each_other()
    {
        using var simulator = new Simulator(1);
        (IDatagramSocket sender, IDatagramSocket receiver) = Open(simulator, new HostOptions { Jitter = TimeSpan.FromMilliseconds(50) });
        for (int length = 1; length <= 50; length++)
            sender.Send(new byte[length], receiver.LocalEndPoint);
        simulator.RunFor(TimeSpan.FromSeconds(1));

        int[] lengths = [.. _received.Select(datagram => datagram.Length)];
        Assert.Equal(Enumerable.Range(1, 50), lengths.Order());
        Assert.NotEqual(Enumerable.Range(1, 50), lengths);
    }

    [Fact]
    public void What_is_cut_off_closed_or_misdirected_is_lost()
    {
        using var simulator = new Simulator(1);
        (IDatagramSocket sender, IDatagramSocket receiver) = Open(simulator, new HostOptions());
        Assert.False(sender.Send(new byte[1], new IPEndPoint(IPAddress.IPv6Loopback, 1)));
        Assert.False(sender.Send(new byte[70_000], receiver.LocalEndPoint));
        Assert.True(sender.Send(new byte[1], new IPEndPoint(IPAddress.Parse("10.9.9.9"), 1)));
        Assert.True(sender.Send(new byte[1], new IPEndPoint(receiver.LocalEndPoint.Address, 1)));
        receiver.Close();
        receiver.Close();
        Assert.True(sender.Send(new byte[1], receiver.LocalEndPoint));
        Assert.False(receiver.Send(new byte[1], sender.LocalEndPoint));
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.Empty(_received);
        Assert.Throws<SocketException>(() => _receiver.Network.OpenDatagram(sender.LocalEndPoint, this));
    }

    void IDatagramHandler.OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote) =>
        _received.Add((datagram.Length, remote, _receiver.Now));

    private (IDatagramSocket Sender, IDatagramSocket Receiver) Open(Simulator simulator, HostOptions options)
    {
        EngineLoop sender = simulator.CreateLoop(simulator.Network.AddHost(options, "10.0.0.1"));
        _receiver = simulator.CreateLoop(simulator.Network.AddHost(options, "10.0.0.2"));
        return (
            sender.Network.OpenDatagram(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 0), this),
            _receiver.Network.OpenDatagram(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 7), this));
    }
}
