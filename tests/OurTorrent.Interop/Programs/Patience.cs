namespace OurTorrent.Interop.Programs;

/// <summary>Waits for what another program does, looking again and again, and never for ever.</summary>
internal static class Patience
{
    /// <summary>How long anything here may take; many times what it takes on a slow machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until a condition holds.</summary>
    /// <param name="condition">Looks once.</param>
    /// <param name="what">What is waited for, and what has been seen instead, for the message of the failure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(start) > Limit)
                Assert.Fail($"Not within {Limit.TotalSeconds} seconds: {what()}.");
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, Func{string}, CancellationToken)"/>
    public static Task UntilAsync(Func<bool> condition, Func<string> what, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(condition()), what, cancellationToken);
}
