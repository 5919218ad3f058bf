using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Storage;

/// <summary>A file that is not on disk as the torrent describes it.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Where it was looked for, as a full path.</param>
/// <param name="Problem">What is wrong; of several things, the one named first in <see cref="FileProblem"/>.</param>
public sealed record BadFile(TorrentFile File, string Path, FileProblem Problem)
{
    /// <summary>Its length on disk in bytes, or null where it does not exist or cannot be looked at.</summary>
    public long? ActualLength { get; init; }

    /// <summary>
    /// How many pieces with a byte of this file are all there and do not match. A v1 piece may hold bytes of several files;
    /// which of them is wrong cannot be told, and it counts for each.
    /// </summary>
    public int CorruptPieces { get; init; }

    /// <summary>Why it cannot be read, or null.</summary>
    public StorageException? Error { get; init; }

    /// <summary>The problem in words, without the path.</summary>
    public string Description => Problem switch
    {
        FileProblem.Missing => "missing",
        FileProblem.Unreadable => $"cannot be read: {Error?.Message}",
        FileProblem.TooShort => $"too short: {ActualLength} of {File.Length} bytes",
        FileProblem.Corrupt => CorruptPieces == 1 ? "1 corrupt piece" : $"{CorruptPieces} corrupt pieces",
        _ => $"too long: {ActualLength} bytes in place of {File.Length}",
    };
}
