namespace OurTorrent.Storage;

/// <summary>The lengths of files on disk, each looked up once, when first asked for. Used by several threads at once.</summary>
internal sealed class FileLengths
{
    private const long Unknown = -2;
    private readonly IStorage _storage;
    private readonly long[] _lengths;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="storage">Where the files are.</param>
    /// <param name="count">How many files there are.</param>
    public FileLengths(IStorage storage, int count)
    {
        _storage = storage;
        _lengths = new long[count];
        Array.Fill(_lengths, Unknown);
    }

    /// <summary>The length of a file in bytes, or -1 when it does not exist.</summary>
    /// <exception cref="IOException">The place cannot be looked at.</exception>
    public long Of(int file)
    {
        long length = Volatile.Read(ref _lengths[file]);
        if (length != Unknown)
            return length;

        length = _storage.GetStamp(file)?.Length ?? -1;
        Volatile.Write(ref _lengths[file], length);
        return length;
    }
}
