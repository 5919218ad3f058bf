namespace OurTorrent.Protocol.Metainfo;

/// <summary>Why, and where, bytes were refused as a torrent.</summary>
/// <param name="Reason">The kind of mistake.</param>
/// <param name="Offset">Where in the input it stands, in bytes from its beginning.</param>
/// <param name="Message">What is wrong and what was expected, in a sentence for a person.</param>
public sealed record MetainfoError(MetainfoErrorReason Reason, long Offset, string Message)
{
    /// <summary>The message with its place.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"At byte {Offset}: {Message}");
}
