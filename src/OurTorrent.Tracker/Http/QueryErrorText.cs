namespace OurTorrent.Tracker.Http;

/// <summary>What the client is told of its query; each names the field.</summary>
internal static class QueryErrorText
{
    /// <summary>The words, in ASCII.</summary>
    public static ReadOnlySpan<byte> Of(QueryError error) => error switch
    {
        QueryError.InfoHashMissing => "The field info_hash is missing."u8,
        QueryError.InfoHashInvalid => "The field info_hash must be 20 bytes, percent-encoded."u8,
        QueryError.InfoHashRepeated => "The field info_hash is there twice; an announce is for one torrent."u8,
        QueryError.PeerIdMissing => "The field peer_id is missing."u8,
        QueryError.PeerIdInvalid => "The field peer_id must be 20 bytes, percent-encoded."u8,
        QueryError.PeerIdRepeated => "The field peer_id is there twice."u8,
        QueryError.PortMissing => "The field port is missing."u8,
        QueryError.PortInvalid => "The field port must be a number from 1 to 65535."u8,
        QueryError.PortRepeated => "The field port is there twice."u8,
        QueryError.LeftInvalid => "The field left must be a number of bytes."u8,
        QueryError.EventInvalid => "The field event must be started, completed, stopped, paused or empty."u8,
        QueryError.FullScrapeRefused => "Name the torrents to scrape: the field info_hash is missing."u8,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, message: null),
    };
}
