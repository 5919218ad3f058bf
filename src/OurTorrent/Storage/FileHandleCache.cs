using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OurTorrent.Storage;

/// <summary>
/// The open files of a session, so that they are neither opened for each block nor kept open without bound: what was not
/// used longest is closed first, and a file in use is never closed. Files are opened, read and closed outside the lock.
/// Used by several threads at once.
/// </summary>
internal sealed class FileHandleCache : IDisposable
{
    /// <summary>How many files are kept open unless said otherwise.</summary>
    public const int DefaultCapacity = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<(FileStorage Owner, int File), Entry> _entries = [];
    private readonly LinkedList<Entry> _recent = [];

    /// <summary>Makes an empty cache.</summary>
    /// <param name="capacity">How many files may be open; more only while more are in use at once.</param>
    public FileHandleCache(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
    }

    /// <summary>How many files may be open.</summary>
    public int Capacity { get; }

    /// <summary>How many files are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _recent.Count;
        }
    }

    /// <summary>Opens a file, or finds it open.</summary>
    /// <param name="owner">Whose file it is; it is asked to open it.</param>
    /// <param name="file">The index of the file.</param>
    /// <param name="write">Whether it will be written to.</param>
    /// <returns>The file, in use until the lease is disposed.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public Lease Acquire(FileStorage owner, int file, bool write)
    {
        lock (_gate)
        {
            if (Find(owner, file, write) is { } entry)
                return new Lease(this, entry);
        }

        var opened = new Entry(owner, file, owner.Open(file, write), write);
        Entry? inUse;
        List<SafeFileHandle>? closing = null;
        lock (_gate)
        {
            // Another thread may have opened the same file meanwhile.
            inUse = Find(owner, file, write);
            if (inUse is null)
            {
                if (_entries.TryGetValue((owner, file), out Entry? readOnly))
                    Remove(readOnly, ref closing);
                _entries[(owner, file)] = opened;
                _recent.AddLast(opened.Node);
                opened.Users = 1;
                Trim(ref closing);
            }
        }

        Close(closing);
        if (inUse is null)
            return new Lease(this, opened);
        opened.Handle.Dispose();
        return new Lease(this, inUse);
    }

    /// <summary>Keeps a file that its owner has just made and will soon write to.</summary>
    /// <param name="owner">Whose file it is.</param>
    /// <param name="file">The index of the file.</param>
    /// <param name="handle">The file, open for reading and writing; the cache's from here on.</param>
    public void Add(FileStorage owner, int file, SafeFileHandle handle)
    {
        List<SafeFileHandle>? closing = null;
        lock (_gate)
        {
            // Somebody may have opened it between its making and now, or have it open from before it was removed.
            if (_entries.TryGetValue((owner, file), out Entry? before))
                Remove(before, ref closing);
            var entry = new Entry(owner, file, handle, canWrite: true);
            _entries[(owner, file)] = entry;
            _recent.AddLast(entry.Node);
            Trim(ref closing);
        }

        Close(closing);
    }

    /// <summary>Closes the files of one storage; those in use, when they no longer are.</summary>
    public void CloseAll(FileStorage owner) => CloseWhere(entry => entry.Owner == owner);

    /// <summary>Closes every file.</summary>
    public void Dispose() => CloseWhere(_ => true);

    private void CloseWhere(Predicate<Entry> condition)
    {
        List<SafeFileHandle>? closing = null;
        lock (_gate)
        {
            foreach (Entry entry in _recent.Where(entry => condition(entry)).ToArray())
                Remove(entry, ref closing);
        }

        Close(closing);
    }

    private static void Close(List<SafeFileHandle>? handles)
    {
        foreach (SafeFileHandle handle in CollectionsMarshal.AsSpan(handles))
            handle.Dispose();
    }

    private Entry? Find(FileStorage owner, int file, bool write)
    {
        if (!_entries.TryGetValue((owner, file), out Entry? entry) || (write && !entry.CanWrite))
            return null;
        _recent.Remove(entry.Node);
        _recent.AddLast(entry.Node);
        entry.Users++;
        return entry;
    }

    private void Remove(Entry entry, ref List<SafeFileHandle>? closing)
    {
        _entries.Remove((entry.Owner, entry.File));
        _recent.Remove(entry.Node);
        entry.IsRemoved = true;
        if (entry.Users == 0)
            (closing ??= []).Add(entry.Handle);
    }

    private void Trim(ref List<SafeFileHandle>? closing)
    {
        LinkedListNode<Entry>? next = _recent.First;
        while (_recent.Count > Capacity && next is not null)
        {
            Entry entry = next.Value;
            next = next.Next;
            if (entry.Users == 0)
                Remove(entry, ref closing);
        }
    }

    private void Release(Entry entry)
    {
        List<SafeFileHandle>? closing = null;
        lock (_gate)
        {
            entry.Users--;
            if (entry is { Users: 0, IsRemoved: true })
                (closing ??= []).Add(entry.Handle);
            else
                Trim(ref closing);
        }

        Close(closing);
    }

    /// <summary>A file in use.</summary>
    public readonly struct Lease : IDisposable
    {
        private readonly FileHandleCache _cache;
        private readonly Entry _entry;

        internal Lease(FileHandleCache cache, Entry entry)
        {
            _cache = cache;
            _entry = entry;
        }

        /// <summary>The open file.</summary>
        public SafeFileHandle Handle => _entry.Handle;

        /// <summary>Ends the use.</summary>
        public void Dispose() => _cache.Release(_entry);
    }

    internal sealed class Entry
    {
        public Entry(FileStorage owner, int file, SafeFileHandle handle, bool canWrite)
        {
            Owner = owner;
            File = file;
            Handle = handle;
            CanWrite = canWrite;
            Node = new LinkedListNode<Entry>(this);
        }

        public FileStorage Owner { get; }

        public int File { get; }

        public SafeFileHandle Handle { get; }

        public bool CanWrite { get; }

        public LinkedListNode<Entry> Node { get; }

        public int Users { get; set; }

        public bool IsRemoved { get; set; }
    }
}
