namespace OurTorrent.Tracker;

/// <summary>A tracker cannot run; the message says what failed, on what, why, and what to do.</summary>
public sealed class TrackerException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What failed.</param>
    /// <param name="message">The same for a person.</param>
    /// <param name="innerException">What lies behind it.</param>
    public TrackerException(TrackerErrorReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>What failed.</summary>
    public TrackerErrorReason Reason { get; }
}
