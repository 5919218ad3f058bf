using System.Text;

namespace OurTorrent.Creation;

/// <summary>A file of the content as it was found, before it is hashed.</summary>
internal sealed class SourceFile
{
    private readonly byte[][] _names;
    private readonly DateTime _modified;

    /// <summary>Notes a file.</summary>
    /// <param name="info">The file.</param>
    /// <param name="names">The names that lead to it within the torrent; that of the torrent is not among them.</param>
    public SourceFile(FileInfo info, string[] names)
    {
        FullPath = info.FullName;
        Length = info.Length;
        _modified = info.LastWriteTimeUtc;
        Path = names;
        _names = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>The names that lead to it within the torrent; that of the torrent is not among them.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>
    /// The order of files in a torrent: name by name, by their bytes. It is the order of a v2 file tree, so that a hybrid torrent
    /// has one order in both (BEP 52).
    /// </summary>
    public static int Compare(SourceFile left, SourceFile right)
    {
        int common = Math.Min(left._names.Length, right._names.Length);
        for (int i = 0; i < common; i++)
        {
            int order = left._names[i].AsSpan().SequenceCompareTo(right._names[i]);
            if (order != 0)
                return order;
        }

        return left._names.Length - right._names.Length;
    }

    /// <summary>Looks whether the file still is what it was when it was noted.</summary>
    /// <exception cref="TorrentCreateException">It has been changed or is gone.</exception>
    public void RequireUnchanged()
    {
        FileInfo now = new(FullPath);
        if (!now.Exists || now.Length != Length || now.LastWriteTimeUtc != _modified)
            throw Changed();
    }

    public TorrentCreateException Changed() =>
        new(
            TorrentCreateErrorKind.Changed,
            FullPath,
            $"{FullPath} was changed while it was hashed. Wait until it is complete, and try again.");

    public TorrentCreateException CannotRead(Exception cause) => CannotRead(FullPath, cause);

    public static TorrentCreateException CannotRead(string path, Exception cause) =>
        new(TorrentCreateErrorKind.CannotRead, path, $"{path} cannot be read: {cause.Message}", cause);
}
