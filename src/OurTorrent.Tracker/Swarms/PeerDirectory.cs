using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>The pages of a large <see cref="PeerTable"/>: this header, then a pointer for each page, in native memory.</summary>
internal unsafe struct PeerDirectory
{
    public int Count;
    private int _capacity;

    public static PeerPage** PagesOf(PeerDirectory* directory) => (PeerPage**)(directory + 1);

    public static PeerDirectory* Allocate(SwarmMemory memory)
    {
        const int Capacity = 4;
        var directory = (PeerDirectory*)memory.Allocate(SizeOf(Capacity));
        directory->Count = 0;
        directory->_capacity = Capacity;
        return directory;
    }

    public static void Free(PeerDirectory* directory, SwarmMemory memory) => memory.Free(directory, SizeOf(directory->_capacity));

    /// <summary>Adds a page at the end.</summary>
    /// <returns>The directory, which may have moved.</returns>
    public static PeerDirectory* Add(PeerDirectory* directory, PeerPage* page, SwarmMemory memory)
    {
        if (directory->Count == directory->_capacity)
            directory = Resize(directory, directory->_capacity * 2, memory);
        PagesOf(directory)[directory->Count++] = page;
        return directory;
    }

    /// <summary>Gives back memory once three quarters of it are not used.</summary>
    /// <returns>The directory, which may have moved.</returns>
    public static PeerDirectory* Trim(PeerDirectory* directory, SwarmMemory memory) =>
        directory->_capacity > 4 && directory->Count <= directory->_capacity / 4
            ? Resize(directory, directory->_capacity / 2, memory)
            : directory;

    private static PeerDirectory* Resize(PeerDirectory* directory, int capacity, SwarmMemory memory)
    {
        var moved = (PeerDirectory*)memory.Allocate(SizeOf(capacity));
        moved->Count = directory->Count;
        moved->_capacity = capacity;
        Unsafe.CopyBlockUnaligned(PagesOf(moved), PagesOf(directory), (uint)(directory->Count * sizeof(PeerPage*)));
        Free(directory, memory);
        return moved;
    }

    private static nuint SizeOf(int capacity) => (nuint)(sizeof(PeerDirectory) + (capacity * sizeof(PeerPage*)));
}
