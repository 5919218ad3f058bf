using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>The pages of a large <see cref="PeerTable"/>: this header, then a pointer for each page, in native memory.</summary>
internal unsafe struct PeerDirectory
{
    public int Count;
    private int _capacity;

    public static PeerPage** PagesOf(PeerDirectory* directory) => (PeerPage**)(directory + 1);

    public static PeerDirectory* Allocate(ref long memory)
    {
        const int Capacity = 4;
        var directory = (PeerDirectory*)NativeMemory.Alloc(SizeOf(Capacity));
        directory->Count = 0;
        directory->_capacity = Capacity;
        memory += (long)SizeOf(Capacity);
        return directory;
    }

    public static void Free(PeerDirectory* directory, ref long memory)
    {
        memory -= (long)SizeOf(directory->_capacity);
        NativeMemory.Free(directory);
    }

    /// <summary>Adds a page at the end.</summary>
    /// <returns>The directory, which may have moved.</returns>
    public static PeerDirectory* Add(PeerDirectory* directory, PeerPage* page, ref long memory)
    {
        if (directory->Count == directory->_capacity)
            directory = Resize(directory, directory->_capacity * 2, ref memory);
        PagesOf(directory)[directory->Count++] = page;
        return directory;
    }

    /// <summary>Gives back memory once three quarters of it are not used.</summary>
    /// <returns>The directory, which may have moved.</returns>
    public static PeerDirectory* Trim(PeerDirectory* directory, ref long memory) =>
        directory->_capacity > 4 && directory->Count <= directory->_capacity / 4
            ? Resize(directory, directory->_capacity / 2, ref memory)
            : directory;

    private static PeerDirectory* Resize(PeerDirectory* directory, int capacity, ref long memory)
    {
        memory += (long)SizeOf(capacity) - (long)SizeOf(directory->_capacity);
        directory = (PeerDirectory*)NativeMemory.Realloc(directory, SizeOf(capacity));
        directory->_capacity = capacity;
        return directory;
    }

    private static nuint SizeOf(int capacity) => (nuint)(sizeof(PeerDirectory) + (capacity * sizeof(PeerPage*)));
}
