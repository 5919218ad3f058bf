namespace OurTorrent.Protocol.Trackers;

/// <summary>Numbers of trackers, brought into the range in which they make sense.</summary>
internal static class TrackerNumber
{
    /// <summary>A count; what no swarm can hold is taken as the largest number there is.</summary>
    public static int Count(uint value) => (int)Math.Min(value, int.MaxValue);

    /// <summary>A count; below zero it is none.</summary>
    public static int? Count(long value) => value < 0 ? null : (int)Math.Min(value, int.MaxValue);

    /// <summary>A time in seconds; below zero it is zero, above a year it is a year.</summary>
    public static TimeSpan Seconds(long value) => TimeSpan.FromSeconds(Math.Clamp(value, 0, 365L * 24 * 60 * 60));
}
