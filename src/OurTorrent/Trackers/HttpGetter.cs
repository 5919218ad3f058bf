using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Gets URLs over TCP and TLS. Any thread may use it.</summary>
internal sealed class HttpGetter : IHttpGetter, IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HttpClient _client;
    private readonly IPAddress? _bindAddress;

    /// <summary>Prepares to get.</summary>
    /// <param name="bindAddress">The address to connect from, or null for any.</param>
    /// <param name="userAgent">What to call ourselves.</param>
    /// <param name="connectTimeout">How long a connection may take to stand.</param>
    public HttpGetter(IPAddress? bindAddress, string userAgent, TimeSpan connectTimeout)
    {
        _bindAddress = bindAddress;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = connectTimeout,
            MaxResponseHeadersLength = 64,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            UseCookies = false,

            // A tracker takes our address from the connection: through a proxy it would tell peers the proxy's.
            UseProxy = false,
        };
        if (bindAddress is not null)
            handler.ConnectCallback = ConnectAsync;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
    }

    /// <inheritdoc/>
    public async Task<HttpAnswer> GetAsync(Uri url, int maxBytes, CancellationToken cancellationToken)
    {
        // The caller is an engine loop, which has better things to do than to build requests.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            try
            {
                return await FollowAsync(url, maxBytes, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsCut(e))
            {
                // Many trackers close the connection after an answer without having said so. One that was kept from the last answer
                // may be cut in the very moment in which it is used again; a new one is not.
                return await FollowAsync(url, maxBytes, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new TrackerException(Describe(e), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpAnswer> FollowAsync(Uri url, int maxBytes, CancellationToken cancellationToken)
    {
        for (int redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using HttpResponseMessage response = await _client
                .GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                byte[] body = await ReadAsync(response.Content, maxBytes, cancellationToken).ConfigureAwait(false);
                return new HttpAnswer((int)response.StatusCode, response.ReasonPhrase ?? "", body);
            }

            url = Follow(url, location);
        }

        throw new TrackerException(new(TrackerFailureReason.InvalidResponse, $"more than {MaxRedirects} redirects"));
    }

    private static bool IsCut(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }
                or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
                or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
            {
                return true;
            }
        }

        return false;
    }

    private static Uri Follow(Uri from, Uri location)
    {
        if (!Uri.TryCreate(from, location, out Uri? to))
            throw new TrackerException(new(TrackerFailureReason.InvalidResponse, "redirected to what is not a URL"));

        bool isHttp = to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);
        return isHttp ? to : throw new TrackerException(new(
            TrackerFailureReason.InvalidResponse, $"redirected from {from.Scheme} to {to.Scheme}, which is not followed"));
    }

    // The length a header claims is not believed: what is read is counted, after decompression.
    private static async Task<byte[]> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        byte[] buffer = new byte[8192];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            if (body.Length + count > maxBytes)
            {
                throw new TrackerException(new(
                    TrackerFailureReason.ResponseTooLarge, $"the answer is longer than {ByteCount.Format(maxBytes)}"));
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress from = _bindAddress!;
        string host = context.DnsEndPoint.Host;
        if (!TrackerTransport.CanReach(from, host))
            throw new SocketException((int)SocketError.AddressNotAvailable);

        SocketException? failure = null;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, from.AddressFamily, cancellationToken).ConfigureAwait(false);
        foreach (IPAddress address in addresses)
        {
            var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failure = e;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static TrackerFailure Describe(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return new(TrackerFailureReason.NameNotResolved, "the host name is not known");
                case SocketException e:
                    return new(TrackerFailureReason.Unreachable, TrackerErrors.OfConnection(e.SocketErrorCode));
                case AuthenticationException e:
                    return new(TrackerFailureReason.Unreachable, $"no secure connection: {OneLine(e.Message)}");
                case TimeoutException:
                    return new(TrackerFailureReason.TimedOut, "no connection in time");
                case InvalidDataException:
                    return new(TrackerFailureReason.InvalidResponse, "the answer cannot be decompressed");
            }
        }

        return exception is HttpRequestException { HttpRequestError: var error }
            ? error switch
            {
                HttpRequestError.ResponseEnded => new(TrackerFailureReason.Unreachable, "the connection ended within the answer"),
                HttpRequestError.ConfigurationLimitExceeded => new(TrackerFailureReason.ResponseTooLarge, "the answer's headers are too long"),
                HttpRequestError.InvalidResponse => new(TrackerFailureReason.InvalidResponse, "the answer is not HTTP"),
                _ => new(TrackerFailureReason.Unreachable, OneLine(exception.Message)),
            }
            : new(TrackerFailureReason.Unreachable, OneLine(exception.Message));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
