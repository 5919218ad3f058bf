using System.Net;

namespace OurTorrent.Protocol.Trackers;

/// <summary>Builds the URLs that carry announces and scrapes to HTTP trackers (BEP 3, BEP 7, BEP 23, BEP 48).</summary>
public static class HttpTrackerUrl
{
    private const string Announce = "announce";
    private const string Scrape = "scrape";

    /// <summary>
    /// Adds an announce to a tracker's URL. Path and query of the URL are kept as they are, but that what cannot stand in a
    /// request line is percent-encoded.
    /// </summary>
    /// <param name="announceUrl">The announce URL, as found in a torrent.</param>
    /// <param name="request">What to say.</param>
    /// <returns>The URL to get. It must not be normalised: the bytes of hashes and ids are percent-encoded one by one.</returns>
    public static string ForAnnounce(string announceUrl, AnnounceRequest request)
    {
        ArgumentNullException.ThrowIfNull(announceUrl);
        ArgumentNullException.ThrowIfNull(request);
        Split(announceUrl, out string authority, out string path, out string query);
        StringBuilder url = Begin(authority, path, query);
        AppendName(url, "info_hash");
        AppendEscaped(url, request.InfoHash.Span);
        AppendName(url, "peer_id");
        AppendEscaped(url, request.PeerId.Span);
        url.Append(CultureInfo.InvariantCulture, $"&port={request.Port}&uploaded={request.Uploaded}");
        url.Append(CultureInfo.InvariantCulture, $"&downloaded={request.Downloaded}&left={request.Left}");
        url.Append("&compact=1&no_peer_id=1");
        if (request.Key != 0)
            url.Append(CultureInfo.InvariantCulture, $"&key={request.Key:X8}");
        if (EventName(request.Event) is { } name)
            url.Append("&event=").Append(name);
        if (request.NumWant >= 0)
            url.Append(CultureInfo.InvariantCulture, $"&numwant={request.NumWant}");
        AppendAddress(url, "ip", request.Address);
        AppendAddress(url, "ipv4", request.IPv4Address);
        AppendAddress(url, "ipv6", request.IPv6Address);
        if (!request.TrackerId.IsEmpty)
        {
            AppendName(url, "trackerid");
            AppendEscaped(url, request.TrackerId.Span);
        }

        return url.ToString();
    }

    /// <summary>
    /// Derives the URL for a scrape (BEP 48): the last segment of the path must begin with <c>announce</c>, which becomes
    /// <c>scrape</c>.
    /// </summary>
    /// <param name="announceUrl">The announce URL, as found in a torrent.</param>
    /// <param name="infoHashes">The swarms to ask for.</param>
    /// <param name="scrapeUrl">The URL to get.</param>
    /// <returns>Whether the announce URL has that form.</returns>
    public static bool TryForScrape(
        string announceUrl, IReadOnlyList<InfoHash> infoHashes, [NotNullWhen(true)] out string? scrapeUrl)
    {
        ArgumentNullException.ThrowIfNull(announceUrl);
        ArgumentNullException.ThrowIfNull(infoHashes);
        Split(announceUrl, out string authority, out string path, out string query);
        int segment = path.LastIndexOf('/') + 1;
        if (!path.AsSpan(segment).StartsWith(Announce, StringComparison.Ordinal))
        {
            scrapeUrl = null;
            return false;
        }

        path = string.Concat(path.AsSpan(0, segment), Scrape, path.AsSpan(segment + Announce.Length));
        StringBuilder url = Begin(authority, path, query);
        foreach (InfoHash infoHash in infoHashes)
        {
            AppendName(url, "info_hash");
            AppendEscaped(url, infoHash.Span);
        }

        scrapeUrl = url.ToString();
        return true;
    }

    // The authority is left to the URI parser, which knows host names beyond ASCII; a fragment is never sent.
    private static void Split(string url, out string authority, out string path, out string query)
    {
        int end = url.IndexOf('#', StringComparison.Ordinal);
        if (end >= 0)
            url = url[..end];

        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        int start = scheme < 0 ? 0 : scheme + 3;
        int pathStart = url.AsSpan(start).IndexOfAny('/', '?');
        pathStart = pathStart < 0 ? url.Length : start + pathStart;
        int queryStart = url.IndexOf('?', pathStart);
        queryStart = queryStart < 0 ? url.Length : queryStart;

        authority = url[..pathStart];
        path = pathStart == queryStart ? "/" : url[pathStart..queryStart];
        query = queryStart == url.Length ? "" : url[(queryStart + 1)..];
    }

    private static StringBuilder Begin(string authority, string path, string query)
    {
        var url = new StringBuilder(authority, authority.Length + path.Length + query.Length + 300);
        AppendCleaned(url, path);
        url.Append('?');
        AppendCleaned(url, query);
        return url;
    }

    private static void AppendName(StringBuilder url, string name)
    {
        if (url[^1] is not ('?' or '&'))
            url.Append('&');
        url.Append(name).Append('=');
    }

    private static void AppendAddress(StringBuilder url, string name, IPAddress? address)
    {
        if (address is null)
            return;

        // Of an IPv6 address the zone means nothing to others.
        AppendName(url, name);
        url.Append(Uri.EscapeDataString(address.ScopeIdFree().ToString()));
    }

    private static IPAddress ScopeIdFree(this IPAddress address) => new(address.GetAddressBytes());

    private static void AppendEscaped(StringBuilder url, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                url.Append((char)value);
            else
                AppendPercent(url, value);
        }
    }

    private static void AppendCleaned(StringBuilder url, string part)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(part))
        {
            if (value is > 0x20 and < 0x7f and not ((byte)'"' or (byte)'<' or (byte)'>' or (byte)'\\' or (byte)'^' or (byte)'`'))
                url.Append((char)value);
            else
                AppendPercent(url, value);
        }
    }

    private static void AppendPercent(StringBuilder url, byte value) =>
        url.Append(CultureInfo.InvariantCulture, $"%{value:X2}");

    private static string? EventName(AnnounceEvent value) => value switch
    {
        AnnounceEvent.Started => "started",
        AnnounceEvent.Completed => "completed",
        AnnounceEvent.Stopped => "stopped",
        AnnounceEvent.Paused => "paused",
        _ => null,
    };
}
