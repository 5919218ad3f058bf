using OurTorrent.Bencoding;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Fuzz.Trackers;

/// <summary>The bodies that HTTP trackers answer with (BEP 3, 7, 23, 24, 31, 48), to an announce and to a scrape.</summary>
internal static class HttpTrackerTarget
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(365);

    public static void Check(byte[] input)
    {
        bool isAnnounce = HttpTrackerResponse.TryParseAnnounce(input, out AnnounceResponse? announce, out TrackerFailure? failure);
        CheckFailure(failure, isAnnounce);
        if (announce is not null)
            CheckAnnounce(announce, input);

        bool isScrape = HttpTrackerResponse.TryParseScrape(input, out ScrapeResponse? scrape, out failure);
        CheckFailure(failure, isScrape);
        if (scrape is not null)
            CheckScrape(scrape);

        long bound = 16 * 1024 + (100L * input.Length);
        Promise.Allocates(bound, () => HttpTrackerResponse.TryParseAnnounce(input, out _, out _));
        Promise.Allocates(bound, () => HttpTrackerResponse.TryParseScrape(input, out _, out _));
    }

    private static void CheckFailure(TrackerFailure? failure, bool isGood)
    {
        Promise.Same(isGood, failure is null, "there is an answer or a failure");
        if (failure is null)
            return;

        CheckText(failure.Message, maxLength: 700);
        Promise.That(failure.RetryIn is null || failure.RetryIn == Timeout.InfiniteTimeSpan || failure.RetryIn > TimeSpan.Zero, "a retry is in the future");
    }

    private static void CheckAnnounce(AnnounceResponse answer, byte[] input)
    {
        Promise.That(answer.Peers.Count <= HttpTrackerResponse.MaxPeers, "only so many peers are taken");
        Promise.That(answer.Peers.All(peer => peer.Port is > 0 and <= ushort.MaxValue), "every peer can be dialled");
        Promise.That(answer.Interval >= TimeSpan.Zero && answer.Interval <= LongestInterval, "an interval is sensible");
        Promise.That(answer.MinInterval is null || (answer.MinInterval > TimeSpan.Zero && answer.MinInterval <= LongestInterval), "a least interval is sensible");
        Promise.That(answer is { Seeders: not < 0, Leechers: not < 0, Completed: not < 0 }, "counts are not negative");
        Promise.That(answer.TrackerId.Length <= 512, "a tracker id is bounded");
        if (answer.Warning is { } warning)
            CheckText(warning, maxLength: 256);
        CheckAgainstValues(answer, input);
    }

    /// <summary>The reader that goes token by token agrees with the document as a whole, where that is beyond doubt.</summary>
    private static void CheckAgainstValues(AnnounceResponse answer, byte[] input)
    {
        if (!BencodeValue.TryParse(input, out BencodeValue? document))
            return;

        Promise.That(document.Find("failure reason"u8) is null, "a refusal is no answer");
        if (document.Find("interval"u8) is BencodeInteger interval)
            Promise.Same(Math.Clamp(interval.Value, 0, (long)LongestInterval.TotalSeconds), (long)answer.Interval.TotalSeconds, "the interval is the one that was sent");
        if (document.Find("complete"u8) is BencodeInteger { Value: >= 0 } seeders)
            Promise.Same((int)Math.Min(seeders.Value, int.MaxValue), answer.Seeders, "the seeders are those that were sent");
        if (document.Find("peers"u8) is BencodeString { Length: >= 6 } peers && peers.Span[..4].ContainsAnyExcept((byte)0) && peers.Span[4..6].ContainsAnyExcept((byte)0))
            Promise.That(answer.Peers[0].Address.GetAddressBytes().AsSpan().SequenceEqual(peers.Span[..4]), "the first peer is the one that was sent");
    }

    private static void CheckScrape(ScrapeResponse answer)
    {
        foreach (ScrapeEntry entry in answer.Entries.Values)
            Promise.That(entry is { Seeders: >= 0, Leechers: >= 0, Completed: >= 0, Downloaders: not < 0 }, "counts are not negative");
    }

    private static void CheckText(string text, int maxLength) =>
        Promise.That(text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl), "text of a tracker is one printable line");
}
