using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>An announce or scrape has failed; the message says why, on one line.</summary>
public sealed class TrackerException : Exception
{
    /// <summary>Carries a failure.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public TrackerException(TrackerFailure failure, Exception? innerException = null)
        : base(failure?.Message, innerException)
    {
        ArgumentNullException.ThrowIfNull(failure);
        Failure = failure;
    }

    /// <summary>The kind of failure.</summary>
    public TrackerFailureReason Reason => Failure.Reason;

    /// <summary>
    /// When the tracker wants to be asked again (BEP 31), <see cref="Timeout.InfiniteTimeSpan"/> for never, or null when it does not say.
    /// </summary>
    public TimeSpan? RetryIn => Failure.RetryIn;

    /// <summary>The failure itself.</summary>
    public TrackerFailure Failure { get; }
}
