using System.Collections;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Simulation.Storage;

/// <summary>The content of a torrent on a <see cref="VirtualDevice"/>, which takes its time, fills up and fails.</summary>
/// <param name="device">The disk.</param>
/// <param name="metainfo">What the content is.</param>
/// <param name="make">Makes an empty place for the bytes.</param>
internal sealed class DeviceStorage(VirtualDevice device, TorrentMetainfo metainfo, Func<IStorage> make) : IStorage
{
    private const int Page = 4096;

    private readonly BitArray?[] _pages = new BitArray?[metainfo.Files.Count];
    private IStorage _bytes = make();

    /// <summary>Removes everything, as somebody does who deletes the folder.</summary>
    public void Vanish()
    {
        for (int file = 0; file < _pages.Length; file++)
        {
            if (_pages[file] is { } pages)
                device.Release((long)CountOf(pages) * Page);
            _pages[file] = null;
        }

        _bytes = make();
    }

    public FileStamp? GetStamp(int file) => _bytes.GetStamp(file);

    public void Prepare(int file)
    {
        _bytes.Prepare(file);
        _pages[file] ??= new BitArray((int)((metainfo.Files[file].Length + Page - 1) / Page));
    }

    public int Read(int file, long offset, Span<byte> destination)
    {
        device.Read(destination.Length);
        return _bytes.Read(file, offset, destination);
    }

    public void Write(int file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        if (_pages[file] is not { } pages)
            throw new StorageException(StorageFailure.NotFound, path: null, $"File {file} is gone.");

        int length = buffers.Sum(buffer => buffer.Length);
        var first = (int)(offset / Page);
        var last = (int)((offset + length - 1) / Page);
        int added = 0;
        for (int page = first; page <= last; page++)
            added += pages[page] ? 0 : 1;

        device.Write(length, (long)added * Page);
        for (int page = first; page <= last; page++)
            pages[page] = true;
        _bytes.Write(file, offset, buffers);
    }

    public void Flush() => _bytes.Flush();

    public void Dispose() => _bytes.Dispose();

    private static int CountOf(BitArray pages)
    {
        int count = 0;
        foreach (bool page in pages)
            count += page ? 1 : 0;
        return count;
    }
}
