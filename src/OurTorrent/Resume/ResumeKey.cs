using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OurTorrent.Protocol;

namespace OurTorrent.Resume;

/// <summary>
/// Which torrent, in which directory, a resume file is about. The same torrent may be had in two directories, whole in one and
/// not in the other, so each has a file of its own: the directory is part of the name, and written inside.
/// </summary>
internal sealed record ResumeKey
{
    /// <summary>Makes a key.</summary>
    /// <param name="infoHashes">The torrent.</param>
    /// <param name="directory">The directory its content is in; made absolute.</param>
    /// <param name="pieceCount">How many pieces the torrent has.</param>
    /// <param name="fileCount">How many files the torrent has, padding included.</param>
    public ResumeKey(InfoHashes infoHashes, string directory, int pieceCount, int fileCount)
    {
        InfoHashes = infoHashes;
        Directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        PieceCount = pieceCount;
        FileCount = fileCount;
    }

    /// <summary>The torrent.</summary>
    public InfoHashes InfoHashes { get; }

    /// <summary>The absolute path of the directory, without a separator at its end.</summary>
    public string Directory { get; }

    /// <summary>How many pieces the torrent has.</summary>
    public int PieceCount { get; }

    /// <summary>How many files the torrent has, padding included.</summary>
    public int FileCount { get; }

    /// <summary>The name of the file, without extension: the info-hash and a hash of the directory, in hexadecimal digits.</summary>
    public string FileName =>
        string.Create(CultureInfo.InvariantCulture, $"{InfoHashes.Wire}-{Convert.ToHexStringLower(DirectoryHash().AsSpan(0, 8))}");

    /// <summary>Whether a path written in a file names this directory.</summary>
    public bool IsSameDirectory(string directory) => string.Equals(
        directory, Directory, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    // Where case is not told apart and we think it is, the torrent is only hashed once more.
    private byte[] DirectoryHash() => SHA256.HashData(
        Encoding.UTF8.GetBytes(OperatingSystem.IsWindows() ? Directory.ToUpperInvariant() : Directory));
}
