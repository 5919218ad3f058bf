using Microsoft.Extensions.Hosting;

namespace OurTorrent.Tracker.Hosting;

/// <summary>Starts and stops a tracker with the application it is in.</summary>
internal sealed class HostedTracker(TrackerServer server) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
}
