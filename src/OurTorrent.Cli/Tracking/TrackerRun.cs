using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Redis;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Tracking;

/// <summary>Runs a tracker from its start to its end.</summary>
/// <param name="run">The environment.</param>
/// <param name="setup">What it shall do.</param>
/// <param name="view">Whom to tell.</param>
/// <param name="interval">How often, or null for never.</param>
internal sealed class TrackerRun(CommandRun run, TrackerSetup setup, ITrackerView view, TimeSpan? interval)
{
    /// <summary>Does it all.</summary>
    /// <param name="cancellationToken">Is cancelled when the user wants to stop.</param>
    /// <exception cref="CommandException">It could not be started.</exception>
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        await using TrackerServer server = await StartAsync(cancellationToken);
        view.Start(server);
        await view.RunAsync(() => WatchAsync(server, cancellationToken));

        bool terminated = run.Environment.IsTerminated();
        if (!terminated)
            run.Say("stopping cleanly; once more stops at once.");
        await server.StopAsync(CancellationToken.None);
        view.End(server.GetStatistics());
        return terminated ? ExitCode.Done : ExitCode.Interrupted;
    }

    private async Task<TrackerServer> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            TrackerOptions options = setup.Redis is null
                ? setup.Options
                : await setup.Options.WithRedisAsync(setup.Redis, run.Loggers, cancellationToken);
            return await TrackerServer.StartAsync(options, run.Loggers, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCode.WrongUsage, e.Message, e);
        }
        catch (TrackerException e)
        {
            ExitCode exitCode = e.Reason is TrackerErrorReason.InvalidCertificate or TrackerErrorReason.StoreUnusable ? ExitCode.CannotRead : ExitCode.Failed;
            throw new CommandException(exitCode, e.Message, e);
        }
        catch (Exception e) when (e is SwarmStoreException or AccessListException)
        {
            throw new CommandException(ExitCode.CannotRead, e.Message, e);
        }
    }

    private async Task WatchAsync(TrackerServer server, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval ?? Timeout.InfiniteTimeSpan, run.Environment.Time, cancellationToken);
                view.Update(server, server.GetStatistics());
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // This is how a tracker ends.
        }
    }
}
