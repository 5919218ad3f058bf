using System.Net;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Fuzz.Trackers;

/// <summary>A request of a script, and its outcome.</summary>
internal sealed class UdpRequest
{
    private const int MaxTimeouts = 4;

    private readonly Action<UdpRequest> _whenOver;
    private bool _isDone;

    /// <summary>Makes an announce, or a scrape of so many swarms.</summary>
    public UdpRequest(IPEndPoint tracker, int scrape, Action<UdpRequest> whenOver)
    {
        _whenOver = whenOver;
        var announce = new AnnounceRequest { InfoHash = default, PeerId = default, Port = 1 };
        Transaction = scrape == 0
            ? new UdpAnnounce(tracker, MaxTimeouts, announce, [], WhenAnnounced)
            : new UdpScrape(tracker, MaxTimeouts, [.. Enumerable.Range(0, scrape).Select(HashOf)], WhenScraped);
    }

    public UdpTransaction Transaction { get; }

    public bool IsCancelled { get; set; }

    public bool IsOver => IsCancelled || _isDone;

    private static InfoHash HashOf(int index)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        bytes.Clear();
        bytes[0] = (byte)index;
        return new InfoHash(bytes);
    }

    private void WhenAnnounced(AnnounceResponse? response, TrackerFailure? failure)
    {
        End(failure, response is not null);
        if (response is null)
            return;

        Promise.That(response.Peers.All(peer => peer.Port != 0 && peer.AddressFamily == Transaction.Remote.AddressFamily), "peers can be dialled");
        Promise.That(response.Interval >= TimeSpan.Zero && response is { Seeders: >= 0, Leechers: >= 0 }, "numbers are not negative");
    }

    private void WhenScraped(ScrapeResponse? response, TrackerFailure? failure)
    {
        End(failure, response is not null);
        foreach (ScrapeEntry entry in response?.Entries.Values ?? [])
            Promise.That(entry is { Seeders: >= 0, Leechers: >= 0, Completed: >= 0 }, "numbers are not negative");
    }

    private void End(TrackerFailure? failure, bool isGood)
    {
        Promise.That(!IsOver, "a request has one outcome, and none after it was given up");
        Promise.Same(isGood, failure is null, "there is an answer or a failure");
        Promise.That(failure is null || (failure.Message.Length is > 0 and <= 300 && !failure.Message.Any(char.IsControl)), "a failure has a printable line");
        _isDone = true;
        _whenOver(this);
    }
}
