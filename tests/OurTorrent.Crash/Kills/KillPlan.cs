namespace OurTorrent.Crash.Kills;

/// <summary>How often, of how much, and at which moments. The variables are those that <c>tests/kill</c> sets.</summary>
/// <param name="Kills">How many times the program is killed.</param>
/// <param name="Length">The length of the content in bytes.</param>
/// <param name="Seed">What the moments are drawn with.</param>
internal sealed record KillPlan(int Kills, long Length, int Seed)
{
    private const int DefaultKills = 10;
    private const long DefaultLength = 1L << 30;

    /// <summary>What the user asks for, or what suits every build.</summary>
    public static KillPlan OfEnvironment() => new(
        (int)Read("OURTORRENT_KILLS", DefaultKills),
        Read("OURTORRENT_KILL_LENGTH", DefaultLength),
        (int)Read("OURTORRENT_KILL_SEED", Environment.TickCount & 0xffff));

    private static long Read(string variable, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : otherwise;
}
