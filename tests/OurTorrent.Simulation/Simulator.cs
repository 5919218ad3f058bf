using OurTorrent.Loop;
using OurTorrent.Simulation.Network;
using OurTorrent.Simulation.Storage;

namespace OurTorrent.Simulation;

/// <summary>
/// Runs the engine loops of many hosts on one thread and one virtual clock: the earliest of packet, disk job and timer is
/// next, the clock moves there, and the loops it concerns turn until they are idle. Same seed, same run, to the byte.
/// </summary>
internal sealed class Simulator : IDisposable
{
    // A loop that turns so often without the time moving on has a handler that leaves undone what it is told of.
    private const int MaxTurnsAtOnce = 1_000_000;

    private readonly List<SimulatedLoop> _loops = [];
    private readonly Queue<SimulatedLoop> _ready = new();
    private readonly List<Exception> _errors = [];

    /// <summary>Makes an empty world.</summary>
    /// <param name="seed">Decides everything that is left to chance.</param>
    public Simulator(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        Trace = new SimulationTrace(Time);
        Network = new VirtualNetwork(Time, new Random(Random.Next()), Trace);
    }

    /// <summary>What decides everything that is left to chance.</summary>
    public int Seed { get; }

    /// <summary>Chance, for whatever the test leaves to it. Parts that draw at times of their own should be given one each, seeded from here.</summary>
    public Random Random { get; }

    /// <summary>The clock of every host.</summary>
    public VirtualTime Time { get; } = new();

    /// <summary>What connects the hosts.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>What happened; off until turned on.</summary>
    public SimulationTrace Trace { get; }

    /// <summary>Makes a loop on a host and runs it.</summary>
    public EngineLoop CreateLoop(VirtualHost host)
    {
        var loop = new EngineLoop(host.CreateNetwork(), Time, _errors.Add);
        Add(loop);
        return loop;
    }

    /// <summary>Runs a loop that somebody else made, on a network of one of the hosts and on this clock. It must not be started.</summary>
    public void Add(EngineLoop loop)
    {
        var simulated = new SimulatedLoop(loop, _loops.Count, Time, _ready);
        _loops.Add(simulated);
        simulated.Rouse();
    }

    /// <summary>Notes an exception that escaped somewhere; the run fails with it.</summary>
    public void Report(Exception error) => _errors.Add(error);

    /// <summary>Makes a disk.</summary>
    public VirtualDiskScheduler CreateDisk(int workers = 1) => new(Time, Trace, workers);

    /// <summary>Goes on until something is so.</summary>
    /// <param name="condition">Looked at whenever the loops are idle.</param>
    /// <param name="limit">For how long, in virtual time, it may not be so.</param>
    /// <exception cref="SimulationFailedException">It was not so in time, nothing was left to happen, or an exception escaped.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        TimeSpan end = Time.Now + limit;
        Begin();
        while (!condition())
        {
            if (Time.Next is not { } next)
                throw Failure("Nothing is left to happen, and what is waited for is not so.");
            if (next > end)
                throw Failure($"What is waited for is not so after {limit}.");
            Advance(next);
        }
    }

    /// <summary>Goes on for a while.</summary>
    /// <exception cref="SimulationFailedException">An exception escaped.</exception>
    public void RunFor(TimeSpan duration)
    {
        TimeSpan end = Time.Now + duration;
        Begin();
        while (Time.Next is { } next && next <= end)
            Advance(next);
        Advance(end);
    }

    /// <summary>Has the loops turn until they are idle, without moving the clock.</summary>
    /// <exception cref="SimulationFailedException">An exception escaped, or a loop does not become idle.</exception>
    public void Settle()
    {
        int turns = 0;
        do
        {
            Time.AdvanceTo(Time.Now);
            while (_ready.TryDequeue(out SimulatedLoop? loop))
            {
                loop.BeginTurns();
                while (loop.IsReady)
                {
                    Trace.Add("turn", loop.Index);
                    loop.Turn();
                    if (++turns > MaxTurnsAtOnce)
                        throw Failure($"Loop {loop.Index} does not become idle.");
                }

                loop.ScheduleTimers();
            }
        }
        while (Time.Next <= Time.Now);

        if (_errors.Count > 0)
            throw Failure($"{_errors.Count} exceptions escaped.");
    }

    /// <summary>Ends all loops.</summary>
    public void Dispose()
    {
        foreach (SimulatedLoop loop in _loops)
            loop.Dispose();
    }

    private void Begin()
    {
        // The test may have set timers of a loop from outside of its turns.
        foreach (SimulatedLoop loop in _loops)
            loop.ScheduleTimers();
        Settle();
    }

    private void Advance(TimeSpan time)
    {
        Time.AdvanceTo(time);
        Settle();
    }

    private SimulationFailedException Failure(string problem) =>
        new($"{problem} ({Time.Now} into the run, seed {Seed}; {SimulationSeed.Replay(Seed)})", _errors.Count > 0 ? _errors[0] : null);
}
