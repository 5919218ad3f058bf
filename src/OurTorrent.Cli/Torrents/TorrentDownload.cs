using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Torrents;

/// <summary>Fetches a torrent file from the web, bounded in size, time and redirects.</summary>
internal static class TorrentDownload
{
    private const int Redirects = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fetches a file.</summary>
    /// <param name="url">An http or https URL.</param>
    /// <param name="limit">The most bytes to take.</param>
    /// <param name="bind">The local address to connect from, or null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">It cannot be had; the message says why.</exception>
    public static async Task<byte[]> FetchAsync(string url, long limit, IPAddress? bind, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address))
            throw new CommandException(ExitCode.WrongUsage, $"cannot read {url}: it is not a valid URL.");

        using var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            MaxAutomaticRedirections = Redirects,
            UseCookies = false,
        };
        if (bind is not null)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = (context, token) => ConnectAsync(bind, context.DnsEndPoint, token);
        }

        using var client = new HttpClient(handler) { Timeout = Patience };
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        whole.CancelAfter(Patience);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, whole.Token);
            if (!response.IsSuccessStatusCode)
                throw new CommandException(ExitCode.CannotRead, $"cannot read {url}: the server answered {Describe(response)}.");

            await using Stream body = await response.Content.ReadAsStreamAsync(whole.Token);
            return await TorrentSource.ReadBoundedAsync(body, limit, whole.Token)
                ?? throw new CommandException(ExitCode.CannotRead, $"cannot read {url}: it is larger than a torrent file may be ({ByteSize.Format(limit)}).");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CommandException(ExitCode.CannotRead, $"cannot read {url}: {Reason(e)}.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.CannotRead, $"cannot read {url}: no answer within {Duration.Format(Patience)}.", e);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress bind, DnsEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(bind, 0));
            await socket.ConnectAsync(server, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(HttpResponseMessage response)
    {
        string code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        // The handler hands over the redirect it no longer follows.
        return (int)response.StatusCode is >= 300 and < 400 and not 304
            ? $"{code} again and again, more than {Redirects} times (or to a place that is not safe to follow)"
            : $"{code} {response.ReasonPhrase}".TrimEnd();
    }

    private static string Reason(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message.TrimEnd('.');
    }
}
