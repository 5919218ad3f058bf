using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// The memory of all swarms and peers of a store: blocks of up to 4 KiB cut from large pieces, and used again by size. On Linux the pieces
/// are huge pages (2 MiB): peers are looked up all over the memory, and with pages of 4 KiB nearly every look needs a walk through the page
/// tables as well. Goes back to the system as a whole, when the store ends.
/// </summary>
internal sealed unsafe partial class SwarmMemory : IDisposable
{
    private const int Grain = 16;
    private const int LargestBlock = 4096;
    private const int HugePage = 2 * 1024 * 1024;
    private const int FirstPiece = 64 * 1024;
    private const int AdviceHugePage = 14;

    private readonly Lock _lock = new();
    private readonly nint[] _free = new nint[(LargestBlock / Grain) + 1];
    private readonly List<nint> _pieces = [];
    private byte* _next;
    private byte* _end;
    private long _total;
    private long _used;
    private bool _isDisposed;

    /// <summary>Bytes in use.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Gives a block; what is in it is not known.</summary>
    /// <param name="length">Its length in bytes.</param>
    /// <returns>Its address, a multiple of 16; of 64 if the length is <see cref="LargestBlock"/>.</returns>
    public void* Allocate(nuint length)
    {
        nuint grains = (length + Grain - 1) / Grain;
        lock (_lock)
        {
            _used += (long)grains * Grain;
            if (grains * Grain > LargestBlock)
                return NativeMemory.Alloc(grains * Grain);

            ref nint first = ref _free[grains];
            if (first != 0)
            {
                nint block = first;
                first = *(nint*)block;
                return (void*)block;
            }

            if (grains * Grain == LargestBlock)
                _next += -(nint)_next & (CacheLine.Length - 1);
            if (_next + (grains * Grain) > _end)
                AddPiece();
            byte* cut = _next;
            _next += grains * Grain;
            return cut;
        }
    }

    /// <summary>Takes a block back.</summary>
    /// <param name="block">The block.</param>
    /// <param name="length">The length with which it was asked for.</param>
    public void Free(void* block, nuint length)
    {
        nuint grains = (length + Grain - 1) / Grain;
        lock (_lock)
        {
            _used -= (long)grains * Grain;
            if (grains * Grain > LargestBlock)
                NativeMemory.Free(block);
            else
                Keep(block, grains);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (nint piece in _pieces)
                NativeMemory.AlignedFree((void*)piece);
            _pieces.Clear();
            Array.Clear(_free);
            _next = _end = null;
            _used = 0;
        }
    }

    private void Keep(void* block, nuint grains)
    {
        *(nint*)block = _free[grains];
        _free[grains] = (nint)block;
    }

    /// <summary>Takes more from the system: as much again as there is, up to a huge page.</summary>
    private void AddPiece()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (nuint rest = (nuint)Math.Max(0, _end - _next) / Grain; rest > 0;)
        {
            nuint grains = Math.Min(rest, (LargestBlock / Grain) - 1);
            Keep(_next, grains);
            _next += grains * Grain;
            rest -= grains;
        }

        int length = (int)Math.Clamp(_total, FirstPiece, HugePage);
        _next = (byte*)NativeMemory.AlignedAlloc((nuint)length, (nuint)(length == HugePage ? HugePage : CacheLine.Length));
        _end = _next + length;
        _total += length;
        _pieces.Add((nint)_next);

        // Where the system does not have them, it goes on with small ones.
        if (length == HugePage && OperatingSystem.IsLinux())
            _ = Advise(_next, HugePage, AdviceHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
