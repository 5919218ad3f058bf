namespace OurTorrent.Tracker.Access;

/// <summary>A source that has exceeded a limit, as the operator sees it.</summary>
/// <param name="Network">The /24 or /48 it is in; its address or /64 only where addresses may be shown.</param>
/// <param name="Stage">How it is treated.</param>
/// <param name="Refused">Requests of it refused.</param>
/// <param name="Dropped">Requests of it dropped.</param>
public sealed record OffenderSummary(string Network, OffenderStage Stage, long Refused, long Dropped);
