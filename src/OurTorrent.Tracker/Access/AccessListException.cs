namespace OurTorrent.Tracker.Access;

/// <summary>A list of torrents or networks cannot be read; the message says which file, which line, what stands there and what is needed.</summary>
public sealed class AccessListException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What lies behind it.</param>
    public AccessListException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
