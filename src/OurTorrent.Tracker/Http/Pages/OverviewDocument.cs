using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>What the page for people shows at first, before it has read anything itself.</summary>
/// <param name="Stats">The statistics.</param>
/// <param name="History">The load of the last minutes, a point for each second.</param>
internal sealed record OverviewDocument(StatisticsDocument Stats, IReadOnlyList<RatePoint> History);
