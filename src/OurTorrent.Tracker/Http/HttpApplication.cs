using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace OurTorrent.Tracker.Http;

/// <summary>The whole application as the server sees it: no pipeline, no routes.</summary>
internal sealed class HttpApplication(HttpExchange exchange, CancellationToken stopping) : IHttpApplication<IFeatureCollection>
{
    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public Task ProcessRequestAsync(IFeatureCollection context) =>
        exchange.AnswerAsync(context, context.GetRequiredFeature<HttpEntrance>(), segments: 0, stopping);

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }
}
