namespace OurTorrent.Tracker.Requests;

/// <summary>How many requests there are a second, by kind, over the last seconds.</summary>
/// <param name="Connects">Connection ids given out (UDP, BEP 15).</param>
/// <param name="Announces">Announces answered.</param>
/// <param name="Scrapes">Scrapes answered.</param>
/// <param name="Refused">Requests answered with an error.</param>
/// <param name="Dropped">Requests that were not answered.</param>
/// <param name="Malformed">What was no request at all.</param>
/// <param name="BytesReceived">Bytes of requests.</param>
/// <param name="BytesSent">Bytes of answers.</param>
public readonly record struct RequestRates(
    double Connects,
    double Announces,
    double Scrapes,
    double Refused,
    double Dropped,
    double Malformed,
    double BytesReceived,
    double BytesSent)
{
    /// <summary>All requests a second.</summary>
    public double Requests => Connects + Announces + Scrapes + Refused + Dropped + Malformed;

    internal static RequestRates Between(in RequestCounts from, in RequestCounts to, TimeSpan elapsed)
    {
        double seconds = elapsed.TotalSeconds;
        return seconds <= 0 ? default : new(
            (to.Connects - from.Connects) / seconds,
            (to.Announces - from.Announces) / seconds,
            (to.Scrapes - from.Scrapes) / seconds,
            (to.Refused - from.Refused) / seconds,
            (to.Dropped - from.Dropped) / seconds,
            (to.Malformed - from.Malformed) / seconds,
            (to.BytesReceived - from.BytesReceived) / seconds,
            (to.BytesSent - from.BytesSent) / seconds);
    }
}
