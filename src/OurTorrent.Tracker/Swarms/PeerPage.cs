using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// Some tens of peers in native memory, their parts each in a row: this header, peers in compact form, stamps (1 byte each), keys
/// (4 bytes each). So a reply takes peers with one copy, and a peer is found by a glance over a few cache lines.
/// </summary>
internal unsafe struct PeerPage
{
    private ushort _count;
    private ushort _capacity;

    public readonly int Count => _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* PeersOf(PeerPage* page) => (byte*)(page + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PeerStamp* StampsOf<TFamily>(PeerPage* page)
        where TFamily : struct, IPeerFamily => (PeerStamp*)(PeersOf(page) + (page->_capacity * TFamily.Length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* KeysOf<TFamily>(PeerPage* page)
        where TFamily : struct, IPeerFamily => (uint*)(StampsOf<TFamily>(page) + page->_capacity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf<TFamily>(PeerPage* page, byte* peer)
        where TFamily : struct, IPeerFamily => TFamily.IndexOf(PeersOf(page), page->_count, peer);

    public static PeerPage* Allocate<TFamily>(int count, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        int capacity = CapacityFor(count);
        var page = (PeerPage*)memory.Allocate(SizeOf<TFamily>(capacity));
        page->_count = 0;
        page->_capacity = (ushort)capacity;
        return page;
    }

    public static void Free<TFamily>(PeerPage* page, SwarmMemory memory)
        where TFamily : struct, IPeerFamily => memory.Free(page, SizeOf<TFamily>(page->_capacity));

    /// <summary>Adds a peer at the end.</summary>
    /// <returns>The page, which may have moved.</returns>
    public static PeerPage* Add<TFamily>(PeerPage* page, byte* peer, uint key, PeerStamp stamp, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        if (page->_count == page->_capacity)
            page = Move<TFamily>(page, page->_count + 1, memory);
        int index = page->_count++;
        Unsafe.CopyBlockUnaligned(PeersOf(page) + (index * TFamily.Length), peer, (uint)TFamily.Length);
        KeysOf<TFamily>(page)[index] = key;
        StampsOf<TFamily>(page)[index] = stamp;
        return page;
    }

    /// <summary>Removes a peer; the last one takes its place.</summary>
    public static void RemoveAt<TFamily>(PeerPage* page, int index)
        where TFamily : struct, IPeerFamily
    {
        int last = --page->_count;
        if (index == last)
            return;

        Unsafe.CopyBlockUnaligned(
            PeersOf(page) + (index * TFamily.Length), PeersOf(page) + (last * TFamily.Length), (uint)TFamily.Length);
        KeysOf<TFamily>(page)[index] = KeysOf<TFamily>(page)[last];
        StampsOf<TFamily>(page)[index] = StampsOf<TFamily>(page)[last];
    }

    /// <summary>Gives back memory once half of it is not used.</summary>
    /// <returns>The page, which may have moved.</returns>
    public static PeerPage* Trim<TFamily>(PeerPage* page, SwarmMemory memory)
        where TFamily : struct, IPeerFamily =>
        page->_capacity >= 4 && page->_count <= page->_capacity / 2 ? Move<TFamily>(page, page->_count, memory) : page;

    private static PeerPage* Move<TFamily>(PeerPage* page, int count, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        PeerPage* moved = Allocate<TFamily>(count, memory);
        moved->_count = page->_count;
        Unsafe.CopyBlockUnaligned(KeysOf<TFamily>(moved), KeysOf<TFamily>(page), (uint)page->_count * sizeof(uint));
        Unsafe.CopyBlockUnaligned(PeersOf(moved), PeersOf(page), (uint)(page->_count * TFamily.Length));
        Unsafe.CopyBlockUnaligned(StampsOf<TFamily>(moved), StampsOf<TFamily>(page), page->_count);
        Free<TFamily>(page, memory);
        return moved;
    }

    // An eighth to spare, and no more: most pages belong to swarms that seldom change.
    private static int CapacityFor(int count) => count <= 2 ? Math.Max(count, 1) : count <= 8 ? (count + 1) & ~1 : (count + (count / 8) + 3) & ~3;

    // A peer is read as whole words, so that two bytes beyond the last one must be there: its stamp and its key are.
    private static nuint SizeOf<TFamily>(int capacity)
        where TFamily : struct, IPeerFamily =>
        (nuint)((sizeof(PeerPage) + (capacity * (sizeof(uint) + TFamily.Length + sizeof(PeerStamp))) + 7) & ~7);
}
