using System.Net;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>A scrape of a UDP tracker (BEP 15).</summary>
/// <param name="remote">The tracker's address.</param>
/// <param name="maxTimeouts">How many waits may end in vain before it has failed.</param>
/// <param name="infoHashes">The swarms, at most <see cref="UdpScrapeRequest.MaxCount"/>.</param>
/// <param name="done">Told of the outcome.</param>
internal sealed class UdpScrape(
    IPEndPoint remote, int maxTimeouts, InfoHash[] infoHashes, Action<ScrapeResponse?, TrackerFailure?> done)
    : UdpTransaction(remote, maxTimeouts)
{
    public override int RequestLength => UdpScrapeRequest.WireLengthOf(infoHashes.Length);

    public override void WriteRequest(Span<byte> destination, ulong connectionId, uint transactionId) =>
        UdpScrapeRequest.Write(destination, connectionId, transactionId, infoHashes);

    public override bool TryFinish(ReadOnlySpan<byte> packet)
    {
        if (!UdpScrapeResponse.TryParse(packet, out UdpScrapeResponse response))
            return false;

        var entries = new Dictionary<InfoHash, ScrapeEntry>();
        for (int i = 0; i < Math.Min(response.Count, infoHashes.Length); i++)
            entries[infoHashes[i]] = response[i];
        done(new ScrapeResponse { Entries = entries }, null);
        return true;
    }

    public override void Fail(TrackerFailure failure) => done(null, failure);
}
