namespace OurTorrent.Crash.Programs;

/// <summary>Waits for what another program does, looking again and again, and never for ever.</summary>
internal static class Patience
{
    /// <summary>How long anything here may take; many times what it takes on a slow machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    /// <summary>Looks until a condition holds.</summary>
    /// <param name="condition">Looks once.</param>
    /// <param name="what">What is waited for, and what has been seen instead, for the message of the failure.</param>
    public static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(start) > Limit)
                Assert.Fail($"Not within {Limit.TotalSeconds} seconds: {what()}.");
            await Task.Delay(Interval, time, TestContext.Current.CancellationToken);
        }
    }
}
