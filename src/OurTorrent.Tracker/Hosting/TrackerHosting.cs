using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OurTorrent.Tracker.Hosting;

/// <summary>Puts a tracker into an application of ASP.NET Core.</summary>
public static class TrackerHosting
{
    /// <summary>
    /// Adds a <see cref="TrackerServer"/>, which starts and stops with the application. Its own end points are those of the options;
    /// with <see cref="MapTracker"/> it also answers on the application's.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">How the tracker behaves.</param>
    public static IServiceCollection AddTracker(this IServiceCollection services, TrackerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddTracker(_ => options);
    }

    /// <summary>The same, with options made from what the application has.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">Makes the options; called once.</param>
    public static IServiceCollection AddTracker(this IServiceCollection services, Func<IServiceProvider, TrackerOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(provider => new TrackerServer(
            options(provider), provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance));
        services.AddSingleton<IHostedService>(provider => new HostedTracker(provider.GetRequiredService<TrackerServer>()));
        return services;
    }

    /// <summary>
    /// Answers announces and scrapes (BEP 3, BEP 48) at <c>announce</c> and <c>scrape</c> below a prefix, with a passkey before or
    /// behind or without.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="prefix">What the paths begin with, such as <c>/tracker</c>; nothing by default.</param>
    public static IEndpointConventionBuilder MapTracker(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        HostedEntrance entrance = new(endpoints.ServiceProvider.GetRequiredService<TrackerServer>()) { TakesRequests = true };
        RouteGroupBuilder routes = endpoints.MapGroup(prefix);
        foreach (string name in (ReadOnlySpan<string>)["announce", "scrape"])
        {
            routes.MapGet($"/{name}", (RequestDelegate)(context => entrance.AnswerAsync(context, segments: 1)));
            routes.MapGet($"/{name}/{{passkey}}", (RequestDelegate)(context => entrance.AnswerAsync(context, segments: 2)));
            routes.MapGet($"/{{passkey}}/{name}", (RequestDelegate)(context => entrance.AnswerAsync(context, segments: 2)));
        }

        return routes;
    }

    /// <summary>
    /// Serves the operator's pages below a prefix: an overview for people, <c>stats</c>, <c>metrics</c> and <c>health</c>. They tell
    /// which torrents are the busiest: who may see them is for the application to say.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="prefix">What the paths begin with, such as <c>/tracker/status</c>. The overview is at the prefix with a slash behind it.</param>
    public static IEndpointConventionBuilder MapTrackerPages(this IEndpointRouteBuilder endpoints, string prefix)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        HostedEntrance entrance = new(endpoints.ServiceProvider.GetRequiredService<TrackerServer>()) { ServesPages = true };
        RouteGroupBuilder routes = endpoints.MapGroup(prefix);
        foreach (string name in (ReadOnlySpan<string>)["", "stats", "metrics", "health"])
            routes.MapGet($"/{name}", (RequestDelegate)(context => entrance.AnswerAsync(context, segments: 1)));
        return routes;
    }
}
