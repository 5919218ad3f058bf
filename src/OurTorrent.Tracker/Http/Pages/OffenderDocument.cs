using OurTorrent.Tracker.Access;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>A source that is kept from the tracker, as JSON.</summary>
internal sealed record OffenderDocument(string Network, string Stage, long Refused, long Dropped)
{
    public static OffenderDocument Of(OffenderSummary offender) => new(
        offender.Network, offender.Stage == OffenderStage.Ignored ? "ignored" : offender.Stage == OffenderStage.Slowed ? "slowed" : "watched", offender.Refused, offender.Dropped);
}
