namespace OurTorrent.Tracker.Swarms;

/// <summary>What a tracker has kept cannot be read or written; the message says which file or server, why, and what to do.</summary>
public sealed class SwarmStoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What lies behind it.</param>
    public SwarmStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
