namespace OurTorrent.Protocol.Trackers;

/// <summary>An announce or scrape that failed.</summary>
/// <param name="Reason">The kind of failure.</param>
/// <param name="Message">What happened, on one line, for a person.</param>
/// <param name="RetryIn">
/// When the tracker wants to be asked again (BEP 31), <see cref="Timeout.InfiniteTimeSpan"/> for never, or null when it does not say.
/// </param>
public sealed record TrackerFailure(TrackerFailureReason Reason, string Message, TimeSpan? RetryIn = null);
