using OurTorrent.Storage;

namespace OurTorrent.Simulation.Storage;

/// <summary>
/// The disk under the storages of a host: how long it takes, how much it holds, and how often it fails. All of it may be changed
/// at any time.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Decides which operations fail.</param>
internal sealed class VirtualDevice(VirtualTime time, Random random)
{
    private TimeSpan _free;

    /// <summary>Bytes a second it reads or writes; zero for no limit.</summary>
    public double Rate { get; set; }

    /// <summary>How long each read or write takes beside its bytes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The part of the reads that fail, 0 to 1.</summary>
    public double ReadFailures { get; set; }

    /// <summary>The part of the writes that fail, 0 to 1.</summary>
    public double WriteFailures { get; set; }

    /// <summary>How many bytes it holds.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>How many bytes of it are in use.</summary>
    public long Used { get; private set; }

    /// <summary>How many reads and writes have failed.</summary>
    public long Failed { get; private set; }

    /// <summary>When everything it has been told to do is done.</summary>
    public TimeSpan Free => _free > time.Now ? _free : time.Now;

    /// <summary>Does a read.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    public void Read(int length)
    {
        Work(length);
        if (Fails(ReadFailures))
            throw new StorageException(StorageFailure.ReadFailed, path: null, "A read failed: I/O error.");
    }

    /// <summary>Does a write.</summary>
    /// <param name="length">How many bytes.</param>
    /// <param name="added">How many more the disk holds afterwards.</param>
    /// <exception cref="StorageException">It failed, or there is no room.</exception>
    public void Write(int length, long added)
    {
        Work(length);
        if (Fails(WriteFailures))
            throw new StorageException(StorageFailure.WriteFailed, path: null, "A write failed: I/O error.");
        if (added > Capacity - Used)
            throw new StorageException(StorageFailure.DiskFull, path: null, "A write failed: no space left on device.");
        Used += added;
    }

    /// <summary>Gives room back.</summary>
    public void Release(long bytes) => Used -= bytes;

    private void Work(int length) => _free = Free + Latency + Network.Transmission.Duration(length, Rate);

    private bool Fails(double share)
    {
        // Chance is not asked where nothing can fail, so that turning failures on changes nothing before.
        bool fails = share > 0 && random.NextDouble() < share;
        Failed += fails ? 1 : 0;
        return fails;
    }
}
