using OurTorrent.Tracker.Access;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>Who may use the tracker, and who is kept from it, as JSON.</summary>
internal sealed record AccessDocument(
    int? AllowedTorrents,
    int DeniedTorrents,
    int BlockedNetworks,
    int? Passkeys,
    int Slowed,
    int Ignored,
    IReadOnlyList<OffenderDocument>? Worst)
{
    /// <summary>The document.</summary>
    /// <param name="access">Who may use the tracker.</param>
    /// <param name="namesNetworks">Whether to name the networks of those who are kept from it.</param>
    public static AccessDocument Of(AccessSnapshot access, bool namesNetworks) => new(
        access.AllowedTorrents,
        access.DeniedTorrents,
        access.BlockedNetworks,
        access.Passkeys,
        access.Slowed,
        access.Ignored,
        namesNetworks ? [.. access.Worst.Select(OffenderDocument.Of)] : null);
}
