namespace OurTorrent.Storage;

/// <summary>The content of a torrent cannot be read or written. The message says what failed, on which path and why.</summary>
public sealed class StorageException : IOException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="kind">What kind of thing went wrong.</param>
    /// <param name="path">The path it went wrong on, or null where it is no matter of one path.</param>
    /// <param name="message">What failed, on what, why, and what to do.</param>
    /// <param name="innerException">The error below, if there is one.</param>
    public StorageException(StorageFailure kind, string? path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Path = path;
    }

    /// <summary>What kind of thing went wrong.</summary>
    public StorageFailure Kind { get; }

    /// <summary>The path it went wrong on, or null where it is no matter of one path.</summary>
    public string? Path { get; }

    /// <summary>For a full disk, how many bytes were to be written or reserved; otherwise null.</summary>
    public long? BytesNeeded { get; init; }

    /// <summary>For a full disk, how many bytes the disk had left for this user; null where that is not known.</summary>
    public long? BytesFree { get; init; }

    /// <summary>Wraps whatever a storage threw.</summary>
    /// <param name="exception">What was thrown; a <see cref="StorageException"/> is returned as it is.</param>
    /// <param name="kind">The kind, where the exception does not tell.</param>
    internal static StorageException From(Exception exception, StorageFailure kind) => exception as StorageException
        ?? new StorageException(StorageErrors.KindOf(exception) ?? kind, path: null, exception.Message, exception);
}
