using Microsoft.Win32.SafeHandles;

namespace OurTorrent.Creation;

/// <summary>Reads from the byte space of a torrent being made. One for each worker: it keeps the last file open.</summary>
internal sealed class ContentReader(ContentLayout layout) : IDisposable
{
    private SafeFileHandle? _handle;
    private SourceFile? _file;

    /// <summary>Reads bytes, across files and padding.</summary>
    /// <param name="position">Where to begin.</param>
    /// <param name="destination">Where to put them; filled whole.</param>
    /// <exception cref="TorrentCreateException">A file cannot be read or has another length than it had.</exception>
    public void Read(long position, Span<byte> destination)
    {
        for (int i = layout.IndexAt(position); destination.Length > 0; i++)
        {
            ContentSpan span = layout.Spans[i];
            int length = (int)Math.Min(destination.Length, span.End - position);
            if (span.File is null)
                destination[..length].Clear();
            else if (length > 0)
                ReadFile(span.File, position - span.Offset, destination[..length]);

            position += length;
            destination = destination[length..];
        }
    }

    public void Dispose() => _handle?.Dispose();

    private void ReadFile(SourceFile file, long offset, Span<byte> destination)
    {
        try
        {
            if (file != _file)
                Open(file);

            while (destination.Length > 0)
            {
                int read = RandomAccess.Read(_handle!, destination, offset);
                if (read == 0)
                    throw file.Changed();

                offset += read;
                destination = destination[read..];
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw file.CannotRead(exception);
        }
    }

    private void Open(SourceFile file)
    {
        _handle?.Dispose();
        _file = null;
        _handle = File.OpenHandle(
            file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        if (RandomAccess.GetLength(_handle) != file.Length)
            throw file.Changed();

        _file = file;
    }
}
