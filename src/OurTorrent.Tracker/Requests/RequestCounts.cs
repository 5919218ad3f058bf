namespace OurTorrent.Tracker.Requests;

/// <summary>How many requests there have been since the start, by kind.</summary>
/// <param name="Connects">Connection ids given out (UDP, BEP 15).</param>
/// <param name="Announces">Announces answered.</param>
/// <param name="Scrapes">Scrapes answered.</param>
/// <param name="Refused">Requests answered with an error.</param>
/// <param name="Dropped">Requests that were not answered: blocked, ignored, or with a connection id that does not hold.</param>
/// <param name="Malformed">What was no request at all.</param>
/// <param name="BytesReceived">Bytes of requests.</param>
/// <param name="BytesSent">Bytes of answers.</param>
public readonly record struct RequestCounts(
    long Connects, long Announces, long Scrapes, long Refused, long Dropped, long Malformed, long BytesReceived, long BytesSent)
{
    /// <summary>All requests, of every kind.</summary>
    public long Requests => Connects + Announces + Scrapes + Refused + Dropped + Malformed;

    /// <summary>Both together.</summary>
    public static RequestCounts operator +(in RequestCounts left, in RequestCounts right) => new(
        left.Connects + right.Connects,
        left.Announces + right.Announces,
        left.Scrapes + right.Scrapes,
        left.Refused + right.Refused,
        left.Dropped + right.Dropped,
        left.Malformed + right.Malformed,
        left.BytesReceived + right.BytesReceived,
        left.BytesSent + right.BytesSent);

    /// <summary>Both together.</summary>
    public static RequestCounts Add(in RequestCounts left, in RequestCounts right) => left + right;
}
