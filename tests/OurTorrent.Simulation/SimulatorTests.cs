using System.Net;
using System.Text;
using CsCheck;
using OurTorrent.Loop;
using OurTorrent.Network;
using OurTorrent.Simulation.Network;

namespace OurTorrent.Simulation;

public sealed class SimulatorTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run_to_the_byte_and_another_another()
    {
        Gen.Int[0, 1_000_000].Sample(
            seed =>
            {
                byte[] first = Encoding.UTF8.GetBytes(RunSomething(seed));
                Assert.NotEmpty(first);
                Assert.Equal(first, Encoding.UTF8.GetBytes(RunSomething(seed)));
                Assert.NotEqual(first, Encoding.UTF8.GetBytes(RunSomething(seed ^ 1)));
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public void Loops_wake_for_their_timers_at_the_very_time()
    {
        using var simulator = new Simulator(1);
        simulator.RunFor(TimeSpan.FromSeconds(3));
        EngineLoop loop = simulator.CreateLoop(simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));
        var fired = new List<TimeSpan>();
        LoopTimer timer = null!;
        timer = loop.CreateTimer(() =>
        {
            fired.Add(loop.Now);
            timer.Set(TimeSpan.FromSeconds(1.5));
        });
        timer.Set(TimeSpan.FromTicks(1));
        loop.CreateTimer(static () => Assert.Fail("Never.")).Set(TimeSpan.MaxValue);
        simulator.RunFor(TimeSpan.FromSeconds(4));

        Assert.Equal([TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1.5) + TimeSpan.FromTicks(1), TimeSpan.FromSeconds(3) + TimeSpan.FromTicks(1)], fired);
        Assert.Equal(TimeSpan.FromSeconds(7), simulator.Time.Now);
    }

    [Fact]
    public void What_does_not_come_true_fails_with_the_seed()
    {
        using var simulator = new Simulator(4711);
        EngineLoop loop = simulator.CreateLoop(simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));
        Assert.Contains("4711", Fail(simulator, static () => false).Message, StringComparison.Ordinal);

        loop.CreateTimer(static () => { }).Set(TimeSpan.FromHours(1));
        Assert.Contains("00:01:00", Fail(simulator, static () => false).Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, simulator.Time.Now);
    }

    [Fact]
    public void An_exception_that_escapes_a_loop_fails_the_run()
    {
        using var simulator = new Simulator(1);
        EngineLoop loop = simulator.CreateLoop(simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));
        loop.Post(static () => throw new FormatException("bad"));

        Assert.IsType<FormatException>(Fail(simulator, static () => true).InnerException);
    }

    [Fact]
    public void A_loop_that_never_becomes_idle_fails_the_run()
    {
        using var simulator = new Simulator(1);
        EngineLoop loop = simulator.CreateLoop(simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));
        void Again() => loop.Post(Again);
        loop.Post(Again);

        Assert.Contains("idle", Fail(simulator, static () => true).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_that_has_ended_is_left_alone()
    {
        using var simulator = new Simulator(1);
        EngineLoop loop = simulator.CreateLoop(simulator.Network.AddHost(new HostOptions(), "10.0.0.1"));
        loop.CreateTimer(static () => Assert.Fail("Never.")).Set(TimeSpan.FromSeconds(1));
        loop.Post(loop.Dispose);
        simulator.RunFor(TimeSpan.FromSeconds(10));
    }

    private static SimulationFailedException Fail(Simulator simulator, Func<bool> condition) =>
        Assert.Throws<SimulationFailedException>(() => simulator.RunUntil(condition, TimeSpan.FromMinutes(1)));

    /// <summary>Hosts that connect, send, close, break and heal as chance has it.</summary>
    private static string RunSomething(int seed)
    {
        using var simulator = new Simulator(seed);
        simulator.Trace.IsOn = true;
        var random = new Random(simulator.Random.Next());
        VirtualHost[] hosts =
        [
            .. Enumerable.Range(1, 6).Select(i => simulator.Network.AddHost(
                new HostOptions
                {
                    UploadRate = random.Next(10_000, 1_000_000),
                    DownloadRate = random.Next(10_000, 1_000_000),
                    Jitter = TimeSpan.FromMilliseconds(random.Next(20)),
                    DatagramLoss = 0.1,
                },
                $"10.0.0.{i}")),
        ];
        EngineLoop[] loops = [.. hosts.Select(simulator.CreateLoop)];
        var sink = new Sink();
        foreach (EngineLoop loop in loops)
        {
            _ = new StreamAcceptor(loop, new IPEndPoint(IPAddress.Any, 1)) { WhenAccepted = end => end.Send(new byte[1000]) };
            loop.Network.OpenDatagram(new IPEndPoint(IPAddress.Any, 2), sink);
        }

        var ends = new List<StreamEnd>();
        for (int step = 0; step < 60; step++)
        {
            VirtualHost to = hosts[random.Next(hosts.Length)];
            EngineLoop from = loops[random.Next(loops.Length)];
            switch (random.Next(5))
            {
                case 0:
                    ends.Add(StreamEnd.Connect(from, new IPEndPoint(to.Addresses[0], 1)));
                    break;
                case 1 when ends.Count > 0:
                    ends[random.Next(ends.Count)].Close();
                    break;
                case 2 when ends.Count > 0:
                    ends[random.Next(ends.Count)].Send(new byte[random.Next(100_000)]);
                    break;
                case 3:
                    simulator.Network.Isolate(to);
                    simulator.Time.After(TimeSpan.FromSeconds(random.NextDouble() * 5), () => simulator.Network.Rejoin(to));
                    break;
                default:
                    from.Network.OpenDatagram(new IPEndPoint(IPAddress.Any, 0), sink).Send(new byte[random.Next(1400)], new IPEndPoint(to.Addresses[0], 2));
                    break;
            }

            simulator.RunFor(TimeSpan.FromSeconds(random.NextDouble()));
        }

        return simulator.Trace.ToString();
    }

    private sealed class Sink : IDatagramHandler
    {
        public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote)
        {
        }
    }
}
