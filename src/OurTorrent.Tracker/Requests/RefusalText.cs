namespace OurTorrent.Tracker.Requests;

/// <summary>What a client is told when it is refused; users read it in their clients.</summary>
internal static class RefusalText
{
    /// <summary>The words, in ASCII.</summary>
    public static ReadOnlySpan<byte> Of(Refusal refusal) => refusal switch
    {
        Refusal.TorrentNotAllowed => "This torrent is not registered with this tracker."u8,
        Refusal.TorrentDenied => "This torrent is not served by this tracker."u8,
        Refusal.PasskeyMissing => "This tracker is private: use the announce URL with your passkey."u8,
        Refusal.PasskeyUnknown => "The passkey is unknown or was revoked."u8,
        Refusal.ClientBlocked => "Your client is not allowed on this tracker."u8,
        Refusal.TooManyRequests => "Too many requests from your address; ask again later."u8,
        Refusal.TooManyNewPeers => "Too many new peers from your address; ask again later."u8,
        Refusal.TooManyTorrents => "The tracker is full."u8,
        Refusal.PortInvalid => "The port must not be zero."u8,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, message: null),
    };

    /// <summary>In how many minutes it makes sense to ask again (BEP 31); zero for never.</summary>
    public static int RetryMinutesOf(Refusal refusal) => refusal switch
    {
        Refusal.TooManyRequests => 5,
        Refusal.TooManyNewPeers => 10,
        Refusal.TooManyTorrents => 30,
        _ => 0,
    };
}
