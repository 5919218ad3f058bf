using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Trackers;

/// <summary>
/// Reads the answers of HTTP trackers (BEP 3, BEP 7, BEP 23, BEP 24, BEP 31, BEP 48): leniently, as trackers differ, and without
/// ever throwing.
/// </summary>
public static class HttpTrackerResponse
{
    /// <summary>How many peers are taken from one answer; more are left out.</summary>
    public const int MaxPeers = 2000;

    /// <summary>Reads the answer to an announce.</summary>
    /// <param name="body">The body of the answer.</param>
    /// <param name="response">The answer read.</param>
    /// <param name="failure">The tracker's own failure, or why the body is no answer.</param>
    /// <returns>Whether it is a good answer.</returns>
    public static bool TryParseAnnounce(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out AnnounceResponse? response,
        [NotNullWhen(false)] out TrackerFailure? failure)
    {
        var fields = new HttpAnnounceFields();
        var reader = new BencodeReader(body, BencodeReaderOptions.Lenient);
        failure = ReadDictionary(ref reader, fields);
        response = null;
        if (failure is not null)
            return false;

        if (!fields.HasInterval && !fields.HasPeers)
        {
            failure = Invalid("the answer holds neither an interval nor peers");
            return false;
        }

        response = fields.ToResponse();
        return true;
    }

    /// <summary>Reads the answer to a scrape.</summary>
    /// <param name="body">The body of the answer.</param>
    /// <param name="response">The answer read.</param>
    /// <param name="failure">The tracker's own failure, or why the body is no answer.</param>
    /// <returns>Whether it is a good answer.</returns>
    public static bool TryParseScrape(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out ScrapeResponse? response,
        [NotNullWhen(false)] out TrackerFailure? failure)
    {
        var fields = new HttpScrapeFields();
        var reader = new BencodeReader(body, BencodeReaderOptions.Lenient);
        failure = ReadDictionary(ref reader, fields);
        response = null;
        if (failure is null && !fields.HasFiles)
            failure = Invalid("the answer holds no \"files\"");
        if (failure is not null)
            return false;

        response = new ScrapeResponse { Entries = fields.Entries };
        return true;
    }

    private static TrackerFailure? ReadDictionary(ref BencodeReader reader, HttpTrackerFields fields)
    {
        if (reader.TryRead() != BencodeReadStatus.Token)
            return NotBencoded(reader.Error);

        if (reader.TokenType != BencodeTokenType.StartDictionary)
            return Invalid("the answer is not a dictionary");

        bool whole = true;
        while (whole && reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            ReadOnlySpan<byte> key = reader.ValueSpan;
            whole = reader.TryRead() == BencodeReadStatus.Token && fields.TryRead(key, ref reader) && reader.TrySkip();
        }

        // A refusal is understood even where what follows it is broken.
        if (fields.FailureText is { } text)
            return new(TrackerFailureReason.Refused, text.Length > 0 ? text : "refused without a reason", fields.RetryIn);

        return whole && reader.TokenType == BencodeTokenType.EndDictionary ? null : NotBencoded(reader.Error);
    }

    private static TrackerFailure NotBencoded(BencodeError error) => Invalid(string.Create(
        CultureInfo.InvariantCulture,
        $"the answer is not bencoded (offset {error.Offset}: expected {error.Expected}, found {error.Found})"));

    private static TrackerFailure Invalid(string message) => new(TrackerFailureReason.InvalidResponse, message);
}
