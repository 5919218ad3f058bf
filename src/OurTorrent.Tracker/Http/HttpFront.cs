using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Http;

/// <summary>Takes requests over HTTP and HTTPS, with the server of ASP.NET Core; nothing of it is started without an end point.</summary>
internal sealed class HttpFront(
    TrackerOptions options, HttpExchange exchange, TrackerStatistics statistics, ILoggerFactory loggerFactory, ILogger logger) : IAsyncDisposable
{
    private const int MaxRequestLineLength = 8192;
    private const int MaxHeadersLength = 16 * 1024;
    private const int MaxHeaders = 64;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly List<ListenOptions> _http = [];
    private readonly List<ListenOptions> _https = [];
    private readonly List<ListenOptions> _admin = [];
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _host;

    // Which one it is the server does not say when it fails.
    private IPEndPoint? _binding;
    private X509Certificate2? _certificate;

    public IReadOnlyList<IPEndPoint> HttpEndPoints => [.. _http.Select(listen => listen.IPEndPoint!)];

    public IReadOnlyList<IPEndPoint> HttpsEndPoints => [.. _https.Select(listen => listen.IPEndPoint!)];

    public IReadOnlyList<IPEndPoint> AdminEndPoints => [.. _admin.Select(listen => listen.IPEndPoint!)];

    /// <summary>Listens.</summary>
    /// <exception cref="TrackerException">It cannot: a port is taken, the certificate cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.HttpEndPoints.Count + options.HttpsEndPoints.Count + options.AdminEndPoints.Count == 0)
            return;

        if (options.HttpsEndPoints.Count > 0)
            _certificate = CertificateFile.Load(options.Http);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new WarningLoggerFactory(loggerFactory)));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        builder.Services.Configure<SocketTransportOptions>(Configure);
        _host = builder.Build();
        try
        {
            await _host.Services.GetRequiredService<IServer>().StartAsync(new HttpApplication(exchange, _stopping.Token), cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException)
        {
            throw Failure(error);
        }

        Tell("HTTP", HttpEndPoints);
        Tell("HTTPS", HttpsEndPoints);
        Tell("operators'", AdminEndPoints);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            using (var timeout = new CancellationTokenSource(StopTimeout, options.TimeProvider))
            {
                await _stopping.CancelAsync();
                await _host.Services.GetRequiredService<IServer>().StopAsync(timeout.Token);
            }

            await _host.DisposeAsync();
            _host = null;
        }

        _certificate?.Dispose();
        _stopping.Dispose();
        exchange.Dispose();
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestLineSize = MaxRequestLineLength;
        limits.MaxRequestHeadersTotalSize = MaxHeadersLength;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestBodySize = 0;
        limits.MaxConcurrentConnections = options.Http.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.KeepAliveTimeout = options.Http.IdleTimeout;
        limits.RequestHeadersTimeout = options.Http.HeaderTimeout;

        bool pagesBeside = options.Http.Pages && options.AdminEndPoints.Count == 0;
        var http = new HttpEntrance(statistics, "http") { TakesRequests = true, ServesPages = pagesBeside };
        var https = new HttpEntrance(statistics, "https") { TakesRequests = true, ServesPages = pagesBeside };
        var admin = new HttpEntrance(statistics, "http") { ServesPages = true, IsOperators = true };
        foreach (IPEndPoint endPoint in options.HttpEndPoints)
            kestrel.Listen(endPoint, listen => Configure(listen, http, _http));
        foreach (IPEndPoint endPoint in options.AdminEndPoints)
            kestrel.Listen(endPoint, listen => Configure(listen, admin, _admin));
        foreach (IPEndPoint endPoint in options.HttpsEndPoints)
        {
            kestrel.Listen(endPoint, listen =>
            {
                Configure(listen, https, _https);
                listen.UseHttps(_certificate!);
            });
        }
    }

    private static void Configure(ListenOptions listen, HttpEntrance entrance, List<ListenOptions> listeners)
    {
        // HTTP/2 would gain nothing: an announce is one request, minutes apart.
        listen.Protocols = HttpProtocols.Http1;
        listeners.Add(listen);
        listen.Use(next => connection =>
        {
            connection.Features.Set(entrance);
            return next(connection);
        });
    }

    private void Configure(SocketTransportOptions transport)
    {
        // Nothing here ever waits, so that handing requests over to other threads would be all cost.
        transport.UnsafePreferInlineScheduling = true;
        transport.CreateBoundListenSocket = CreateListenSocket;
    }

    // The socket of [::] takes IPv4 too, unless the same port is asked for at 0.0.0.0 beside it.
    private Socket CreateListenSocket(EndPoint endPoint)
    {
        var address = (IPEndPoint)endPoint;
        _binding = address;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                IEnumerable<IPEndPoint> all = options.HttpEndPoints.Concat(options.HttpsEndPoints).Concat(options.AdminEndPoints);
                socket.DualMode = address.Port == 0 || !all.Any(other => other.Port == address.Port && other.Address.Equals(IPAddress.Any));
            }

            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Tell(string transport, IReadOnlyList<IPEndPoint> endPoints)
    {
        foreach (IPEndPoint endPoint in endPoints)
            Tracker.Log.Listening(logger, transport, endPoint.ToString());
    }

    private TrackerException Failure(Exception error)
    {
        SocketException? socket = error as SocketException ?? error.InnerException as SocketException ?? error.InnerException?.InnerException as SocketException;
        SocketError code = error.InnerException is AddressInUseException ? SocketError.AddressAlreadyInUse : socket?.SocketErrorCode ?? SocketError.SocketError;
        return ListenFailure.Of("HTTP", _binding?.ToString() ?? "any address", code, error);
    }
}
