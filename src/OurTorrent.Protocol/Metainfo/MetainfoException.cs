namespace OurTorrent.Protocol.Metainfo;

/// <summary>Thrown when bytes that had to be a torrent are not one.</summary>
public sealed class MetainfoException : Exception
{
    /// <summary>Makes the exception of an error.</summary>
    /// <param name="error">What is wrong with the input.</param>
    /// <param name="fileName">The file the input came from, to be named in the message.</param>
    public MetainfoException(MetainfoError error, string? fileName = null)
        : base(fileName is null ? $"Not a valid torrent. {error}" : $"{fileName} is not a valid torrent. {error}")
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
        FileName = fileName;
    }

    /// <summary>What is wrong with the input.</summary>
    public MetainfoError Error { get; }

    /// <summary>The kind of mistake.</summary>
    public MetainfoErrorReason Reason => Error.Reason;

    /// <summary>Where the mistake stands, in bytes from the beginning of the input.</summary>
    public long Offset => Error.Offset;

    /// <summary>The file the input came from, where the caller told.</summary>
    public string? FileName { get; }
}
