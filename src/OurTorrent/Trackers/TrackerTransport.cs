using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using OurTorrent.Loop;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Reaches trackers by whatever their URL says. One serves all torrents of a loop, and belongs to the loop's thread.</summary>
/// <param name="loop">The loop this lives on.</param>
/// <param name="getter">Fetches HTTP URLs.</param>
/// <param name="transactionIds">Gives numbers that nobody can guess.</param>
/// <param name="options">How trackers are reached.</param>
internal sealed class TrackerTransport(
    EngineLoop loop, IHttpGetter getter, Func<uint> transactionIds, TrackerTransportOptions options) : ITrackerTransport
{
    private readonly UdpTrackerClient _udp = new(loop, transactionIds, options);
    private readonly HttpTrackerClient _http = new(loop, getter, options);

    /// <summary>Whether a host may be asked from an address: from a loopback address only this very machine.</summary>
    public static bool CanReach(IPAddress? from, string host) =>
        from is null || !IPAddress.IsLoopback(from) ||
        (IPAddress.TryParse(host, out IPAddress? address) ? IPAddress.IsLoopback(address) : host == "localhost");

    /// <summary>A number that nobody can guess: for transaction ids in earnest.</summary>
    public static uint RandomId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <inheritdoc/>
    public ITrackerCall Announce(
        string url, AnnounceRequest request, TimeSpan limit, Action<AnnounceResponse?, TrackerFailure?> done)
    {
        if (!TryParse(url, out TrackerUrl? parsed, out TrackerFailure? failure))
            return FailLater(failure, limit, done);

        return parsed.Scheme == TrackerScheme.Udp
            ? _udp.Announce(parsed, request, limit, done)
            : _http.Announce(url, request, limit, done);
    }

    /// <inheritdoc/>
    public ITrackerCall Scrape(
        string url, IReadOnlyList<InfoHash> infoHashes, TimeSpan limit, Action<ScrapeResponse?, TrackerFailure?> done)
    {
        if (!TryParse(url, out TrackerUrl? parsed, out TrackerFailure? failure))
            return FailLater(failure, limit, done);

        return parsed.Scheme == TrackerScheme.Udp
            ? _udp.Scrape(parsed, infoHashes, limit, done)
            : _http.Scrape(url, infoHashes, limit, done);
    }

    /// <summary>Closes the sockets; what is under way ends by its time limit, or not at all.</summary>
    public void Close() => _udp.Close();

    private bool TryParse(string url, [NotNullWhen(true)] out TrackerUrl? parsed, [NotNullWhen(false)] out TrackerFailure? failure)
    {
        if (TrackerUrl.TryParse(url, out parsed, out failure) && !CanReach(options.BindAddress, parsed.Host))
        {
            parsed = null;
            failure = new(TrackerFailureReason.Unreachable, $"not asked: {options.BindAddress} reaches this machine alone");
        }

        return parsed is not null;
    }

    private TrackerCall<T> FailLater<T>(TrackerFailure failure, TimeSpan limit, Action<T?, TrackerFailure?> done)
        where T : class
    {
        var call = new TrackerCall<T>(loop, limit, done);
        loop.Post(() => call.Fail(failure));
        return call;
    }
}
