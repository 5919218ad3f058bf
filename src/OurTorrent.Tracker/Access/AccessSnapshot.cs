namespace OurTorrent.Tracker.Access;

/// <summary>Who may use the tracker, and who is kept from it, at one moment.</summary>
/// <param name="AllowedTorrents">Torrents served; null if all are.</param>
/// <param name="DeniedTorrents">Torrents not served.</param>
/// <param name="BlockedNetworks">Separate ranges of addresses of which nothing is answered.</param>
/// <param name="Passkeys">Passkeys issued; null where none is needed.</param>
/// <param name="Slowed">Sources refused for having brought too many new peers.</param>
/// <param name="Ignored">Sources of which nothing is answered, since they would not slow down.</param>
/// <param name="Worst">Those of whom most was refused and dropped.</param>
public sealed record AccessSnapshot(
    int? AllowedTorrents,
    int DeniedTorrents,
    int BlockedNetworks,
    int? Passkeys,
    int Slowed,
    int Ignored,
    IReadOnlyList<OffenderSummary> Worst)
{
    /// <summary>Everybody may do everything.</summary>
    public static AccessSnapshot Open { get; } = new(null, 0, 0, null, 0, 0, []);
}
