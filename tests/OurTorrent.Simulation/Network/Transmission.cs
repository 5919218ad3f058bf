namespace OurTorrent.Simulation.Network;

/// <summary>How long bytes take.</summary>
internal static class Transmission
{
    /// <param name="length">How many bytes.</param>
    /// <param name="rate">Bytes a second; zero for no limit.</param>
    public static TimeSpan Duration(int length, double rate) =>
        rate > 0 ? TimeSpan.FromTicks((long)Math.Ceiling(length * TimeSpan.TicksPerSecond / rate)) : TimeSpan.Zero;
}
