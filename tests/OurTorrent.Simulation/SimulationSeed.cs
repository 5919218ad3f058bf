using System.Globalization;

namespace OurTorrent.Simulation;

/// <summary>Which seed a simulation runs with: the one its test names, or the one that somebody wants to see again.</summary>
internal static class SimulationSeed
{
    /// <summary>The environment variable that names the seed in place of the tests.</summary>
    public const string Variable = "OURTORRENT_SEED";

    /// <summary>The seed to use.</summary>
    /// <param name="usual">The test's own.</param>
    public static int Of(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out int given) ? given : usual;

    /// <summary>What to type to see a run again.</summary>
    public static string Replay(int seed) => $"replay with {Variable}={seed.ToString(CultureInfo.InvariantCulture)}";
}
