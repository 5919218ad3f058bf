using System.Diagnostics.CodeAnalysis;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>The ways trackers are spoken to.</summary>
internal enum TrackerScheme
{
    /// <summary>The UDP tracker protocol (BEP 15).</summary>
    Udp,

    /// <summary>HTTP or HTTPS (BEP 3).</summary>
    Http,
}

/// <summary>What an announce URL says about how to reach the tracker.</summary>
/// <param name="Scheme">How it is spoken to.</param>
/// <param name="Host">The host name or address; without the brackets of an IPv6 address.</param>
/// <param name="Port">The port.</param>
/// <param name="PathAndQuery">What follows the port, without a fragment.</param>
internal sealed record TrackerUrl(TrackerScheme Scheme, string Host, int Port, string PathAndQuery)
{
    private const int MaxLength = 4096;

    /// <summary>Reads an announce URL.</summary>
    /// <param name="text">The URL, as found in a torrent.</param>
    /// <param name="url">The URL read.</param>
    /// <param name="failure">Why it cannot be used.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out TrackerUrl? url, [NotNullWhen(false)] out TrackerFailure? failure)
    {
        url = null;
        failure = null;
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            failure = new(TrackerFailureReason.InvalidUrl, "not a valid URL");
            return false;
        }

        TrackerScheme? scheme = uri.Scheme switch
        {
            "udp" => TrackerScheme.Udp,
            "http" or "https" => TrackerScheme.Http,
            _ => null,
        };
        if (scheme is null)
            failure = new(TrackerFailureReason.UnsupportedScheme, $"unsupported scheme \"{uri.Scheme}\"");
        else if (uri.IdnHost.Length == 0)
            failure = new(TrackerFailureReason.InvalidUrl, "the URL has no host");
        else if (uri.Port is <= 0 or > ushort.MaxValue)
            failure = new(TrackerFailureReason.InvalidUrl, "the URL has no port");
        else
            url = new(scheme.Value, uri.IdnHost, uri.Port, uri.PathAndQuery);
        return url is not null;
    }
}
