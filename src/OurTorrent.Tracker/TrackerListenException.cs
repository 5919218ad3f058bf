namespace OurTorrent.Tracker;

/// <summary>A tracker cannot take requests where it was told to; the message says where, why, and what to do.</summary>
public sealed class TrackerListenException : TrackerException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="endPoint">Where the tracker was to listen.</param>
    /// <param name="innerException">What lies behind it.</param>
    public TrackerListenException(string message, IPEndPoint endPoint, Exception? innerException = null)
        : base(TrackerErrorReason.CannotListen, message, innerException) => EndPoint = endPoint;

    /// <summary>Where the tracker was to listen.</summary>
    public IPEndPoint EndPoint { get; }
}
