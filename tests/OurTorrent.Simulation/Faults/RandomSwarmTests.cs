using System.Globalization;
using System.Security.Cryptography;

namespace OurTorrent.Simulation.Faults;

/// <summary>
/// Swarms made up from seeds: 300 of them, or as many as <c>OURTORRENT_SEEDS</c> says, or the one that <c>OURTORRENT_SEED</c>
/// names. With <c>OURTORRENT_TRACE</c> the trace of a run that fails is written to the file of that name.
/// </summary>
public sealed class RandomSwarmTests
{
    private const int UsualSeeds = 300;
    private const int MaxFailures = 10;

    [Fact]
    public void Whatever_goes_wrong_everybody_who_can_completes_and_nothing_untrue_is_believed()
    {
        int[] seeds = Environment.GetEnvironmentVariable(SimulationSeed.Variable) is { Length: > 0 }
            ? [SimulationSeed.Of(0)]
            : [.. Enumerable.Range(NumberOf("OURTORRENT_FIRST_SEED") ?? 1, NumberOf("OURTORRENT_SEEDS") ?? UsualSeeds)];
        var failures = new List<string>();
        foreach (int seed in seeds)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (Fail(seed) is { } failure)
                failures.Add(failure);
            if (failures.Count >= MaxFailures)
                break;
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_to_the_byte()
    {
        int seed = SimulationSeed.Of(RandomNumberGenerator.GetInt32(int.MaxValue));
        string first = TraceOf(seed);
        string second = TraceOf(seed);
        int differs = first.AsSpan().CommonPrefixLength(second);
        Assert.True(
            first.Length == second.Length && differs == first.Length,
            $"Two runs of seed {seed} differ from here on: {first[Math.Max(0, differs - 200)..Math.Min(first.Length, differs + 200)]}");
    }

    private static int? NumberOf(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string? Fail(int seed)
    {
        string? path = Environment.GetEnvironmentVariable("OURTORRENT_TRACE");
        using var swarm = new RandomSwarm(seed, isTraced: path is { Length: > 0 });
        try
        {
            swarm.Run();
            return null;
        }
        catch (Exception e)
        {
            // The edge of one run among many: its seed, its story and how to see it again are the failure.
            if (path is { Length: > 0 })
                File.WriteAllText(path, swarm.World.Simulator.Trace.ToString());
            return $"""
                Seed {seed} fails. See it again with:
                {SimulationSeed.Variable}={seed} dotnet test --project tests/OurTorrent.Simulation --filter-class "*RandomSwarmTests"
                {swarm.Story}
                {e}
                """;
        }
    }

    private static string TraceOf(int seed)
    {
        using var swarm = new RandomSwarm(seed, isTraced: true);
        try
        {
            swarm.Run();
        }
        catch (SimulationFailedException)
        {
            // That is the other test's matter; here a failure has to be the same twice.
        }

        return $"{swarm.World.Simulator.Trace}\n{swarm.Story}";
    }
}
