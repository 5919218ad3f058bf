using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// The peers of one kind in one swarm: nothing, one page, or many under linear hashing, where a page is split or merged at a time,
/// so that no change costs more than a page's worth of work, however large the swarm is. Pages are not directory entries shared by
/// several hashes: each is as likely to be drawn as any other, and with it each peer.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct PeerTable
{
    /// <summary>Peers in a page, on average, where there are several pages.</summary>
    private const int PageTarget = 24;

    /// <summary>Peers in a page up to which there is only one.</summary>
    private const int SinglePageLimit = 48;

    // The peers of a page, and their stamps, are seldom in more lines than these.
    private const int LinesOfPage = 4;

    private const int DirectoryBit = 1;

    // A page, a directory with the lowest bit set, or zero.
    private nint _root;
    private int _count;

    public readonly int Count => _count;

    private readonly bool IsDirectory => (_root & DirectoryBit) != 0;

    private readonly PeerDirectory* Directory => (PeerDirectory*)(_root - DirectoryBit);

    /// <summary>Asks for the memory in which a peer is looked for.</summary>
    public readonly void Prefetch(uint hash)
    {
        if (IsDirectory)
            CacheLine.Prefetch(PeerDirectory.PagesOf(Directory)[PageNumberOf(hash, Directory->Count)], LinesOfPage);
        else
            CacheLine.Prefetch((void*)_root, 2);
    }

    /// <summary>Draws the pages of which peers will be taken, and asks for the memory of the first two.</summary>
    public readonly PageDraw Draw(ref XorShift random)
    {
        if (!IsDirectory)
        {
            CacheLine.Prefetch((void*)_root, 2);
            return default;
        }

        // A step that has no factor in common with their number leads through all pages, none twice.
        PeerDirectory* directory = Directory;
        uint count = (uint)directory->Count;
        var draw = new PageDraw(count, random.Below(count), random.Prime() % count);
        PeerPage** pages = PeerDirectory.PagesOf(directory);
        CacheLine.Prefetch(pages[draw.First], LinesOfPage);
        CacheLine.Prefetch(pages[draw.Next(draw.First)], LinesOfPage);
        return draw;
    }

    public readonly PeerSlot Find<TFamily>(byte* peer, in HashSecret secret)
        where TFamily : struct, IPeerFamily
    {
        if (_root == 0)
            return default;

        int number = 0;
        var page = (PeerPage*)_root;
        if (IsDirectory)
        {
            PeerDirectory* directory = Directory;
            number = PageNumberOf(TFamily.Hash(peer, secret), directory->Count);
            page = PeerDirectory.PagesOf(directory)[number];
        }

        int index = PeerPage.IndexOf<TFamily>(page, peer);
        return index < 0 ? default : new PeerSlot(page, number, index);
    }

    /// <summary>Adds a peer that is not there.</summary>
    public PeerSlot Add<TFamily>(byte* peer, uint key, PeerStamp stamp, in HashSecret secret, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        _count++;
        PeerPage* page;
        if (!IsDirectory)
        {
            page = _root == 0 ? PeerPage.Allocate<TFamily>(1, memory) : (PeerPage*)_root;
            page = PeerPage.Add<TFamily>(page, peer, key, stamp, memory);
            _root = (nint)page;
            if (_count <= SinglePageLimit)
                return new PeerSlot(page, 0, page->Count - 1);

            PeerDirectory* directory = PeerDirectory.Add(PeerDirectory.Allocate(memory), page, memory);
            _root = (nint)directory | DirectoryBit;
            Split<TFamily>(secret, memory);
            return Find<TFamily>(peer, secret);
        }

        int number = PageNumberOf(TFamily.Hash(peer, secret), Directory->Count);
        ref PeerPage* place = ref PeerDirectory.PagesOf(Directory)[number];
        page = place = PeerPage.Add<TFamily>(place, peer, key, stamp, memory);
        if (_count <= Directory->Count * PageTarget)
            return new PeerSlot(page, number, page->Count - 1);

        Split<TFamily>(secret, memory);
        return Find<TFamily>(peer, secret);
    }

    public void Remove<TFamily>(in PeerSlot slot, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        PeerPage.RemoveAt<TFamily>(slot.Page, slot.Index);
        _count--;
        TrimPage<TFamily>(slot.PageNumber, memory);
        Merge<TFamily>(memory);
    }

    /// <summary>Forgets peers that were last heard of too long ago.</summary>
    /// <param name="tick">The tick of now.</param>
    /// <param name="lifetime">How many ticks a peer lives; less than zero forgets all.</param>
    /// <param name="next">The page to begin with; afterwards the one to go on with, or -1 after the last.</param>
    /// <param name="pages">How many pages to look through at most.</param>
    /// <param name="partialSeeds">Is increased by the partial seeds forgotten.</param>
    /// <param name="memory">Bytes taken.</param>
    /// <returns>How many were forgotten.</returns>
    public int Sweep<TFamily>(uint tick, int lifetime, ref int next, int pages, ref int partialSeeds, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        int before = _count;
        int last = pages < PageCount - next ? next + pages : PageCount;
        for (; next < last; next++)
        {
            PeerPage* page = PageAt(next);
            PeerStamp* stamps = PeerPage.StampsOf<TFamily>(page);
            int there = page->Count;
            for (int i = there - 1; i >= 0; i--)
            {
                if ((int)stamps[i].AgeAt(tick) <= lifetime)
                    continue;

                partialSeeds += stamps[i].IsPartialSeed ? 1 : 0;
                PeerPage.RemoveAt<TFamily>(page, i);
                _count--;
            }

            if (page->Count != there)
                TrimPage<TFamily>(next, memory);
        }

        // Merging takes peers from the last pages to the first: not while some have been looked through and others not.
        int forgotten = before - _count;
        if (next >= PageCount)
        {
            Merge<TFamily>(memory);
            next = -1;
        }

        return forgotten;
    }

    /// <summary>Writes peers that are drawn at random, each as likely as any other and none twice.</summary>
    /// <param name="destination">Where they are written; its length says how many.</param>
    /// <param name="self">The one who asks and is left out; may be none of these.</param>
    /// <param name="draw">The pages drawn; others are drawn if the table has been split or merged since.</param>
    /// <param name="random">Random numbers.</param>
    /// <returns>How many bytes were written.</returns>
    public readonly int CopyRandom<TFamily>(Span<byte> destination, in PeerSlot self, PageDraw draw, ref XorShift random)
        where TFamily : struct, IPeerFamily
    {
        int wanted = destination.Length / TFamily.Length;
        if (wanted == 0 || _root == 0)
            return 0;

        fixed (byte* start = destination)
        {
            byte* to = start;
            if (!IsDirectory)
                return (int)(CopyPage<TFamily>((PeerPage*)_root, wanted, self, ref random, to) - start);

            PeerDirectory* directory = Directory;
            if (draw.Count != (uint)directory->Count)
                draw = Draw(ref random);


            // Of each page the same part, so that a peer of a full page is not passed over for one of a page that was just split.
            double pages = Math.Floor((double)wanted * draw.Count / _count) + 2;
            double part = pages * 4 > draw.Count ? 1 : wanted * (double)draw.Count / (pages * _count);
            uint number = draw.First;
            for (uint visited = 0; visited < draw.Count && wanted > 0; visited++)
            {
                PeerPage* page = PeerDirectory.PagesOf(directory)[number];
                int share = Math.Max((int)((page->Count * part) + (part < 1 ? random.Fraction() : 0)), 1);
                byte* end = CopyPage<TFamily>(page, Math.Min(share, wanted), self, ref random, to);
                wanted -= (int)(end - to) / TFamily.Length;
                to = end;
                number = draw.Next(number);
            }

            return (int)(to - start);
        }
    }

    /// <summary>Hands all peers to an image.</summary>
    public readonly void CopyTo<TFamily>(SwarmImage image, PeerKind kind, in StampTime time)
        where TFamily : struct, IPeerFamily
    {
        for (int number = 0; number < PageCount; number++)
        {
            PeerPage* page = PageAt(number);
            for (int i = 0; i < page->Count; i++)
            {
                PeerStamp stamp = PeerPage.StampsOf<TFamily>(page)[i];
                image.Add(
                    new ReadOnlySpan<byte>(PeerPage.PeersOf(page) + (i * TFamily.Length), TFamily.Length),
                    PeerPage.KeysOf<TFamily>(page)[i],
                    time.SecondsOf(stamp),
                    stamp.IsPartialSeed ? PeerKind.PartialSeed : kind);
            }
        }
    }

    public void Clear<TFamily>(SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        for (int number = PageCount - 1; number >= 0; number--)
            PeerPage.Free<TFamily>(PageAt(number), memory);
        if (IsDirectory)
            PeerDirectory.Free(Directory, memory);
        _root = 0;
        _count = 0;
    }

    private readonly int PageCount => _root == 0 ? 0 : IsDirectory ? Directory->Count : 1;

    private readonly PeerPage* PageAt(int number) => IsDirectory ? PeerDirectory.PagesOf(Directory)[number] : (PeerPage*)_root;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PageNumberOf(uint hash, int count)
    {
        uint mask = BitOperations.RoundUpToPowerOf2((uint)count) - 1;
        uint number = hash & mask;
        return (int)(number < (uint)count ? number : number & (mask >> 1));
    }

    /// <summary>The page out of which a page was split, and into which it is merged again.</summary>
    private static int OriginOf(int number) => number - (1 << BitOperations.Log2((uint)number));

    private static byte* CopyPage<TFamily>(PeerPage* page, int wanted, in PeerSlot self, ref XorShift random, byte* to)
        where TFamily : struct, IPeerFamily
    {
        int count = page->Count;
        byte* peers = PeerPage.PeersOf(page);
        int skipped = page == self.Page ? self.Index : count;
        int others = page == self.Page ? count - 1 : count;
        if (others <= 0)
            return to;

        // The others stand in a ring; so many are taken from a place drawn at random.
        int taken = Math.Min(wanted, others);
        int first = taken == others ? 0 : (int)random.Below((uint)others);
        int before = Math.Min(taken, others - first);
        to = CopyOthers<TFamily>(peers, first, before, skipped, to);
        return CopyOthers<TFamily>(peers, 0, taken - before, skipped, to);
    }

    /// <summary>Copies some of the peers of a page, counted without the one who is skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* CopyOthers<TFamily>(byte* peers, int first, int count, int skipped, byte* to)
        where TFamily : struct, IPeerFamily
    {
        int before = Math.Clamp(skipped - first, 0, count);
        uint length = (uint)(before * TFamily.Length);
        Unsafe.CopyBlockUnaligned(to, peers + (first * TFamily.Length), length);
        to += length;
        length = (uint)((count - before) * TFamily.Length);
        Unsafe.CopyBlockUnaligned(to, peers + ((first + before + 1) * TFamily.Length), length);
        return to + length;
    }

    private void Split<TFamily>(in HashSecret secret, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        int number = Directory->Count;
        int origin = OriginOf(number);
        PeerPage* from = PageAt(origin);
        PeerPage* to = PeerPage.Allocate<TFamily>(Math.Max(from->Count / 2, 1), memory);
        for (int i = from->Count - 1; i >= 0; i--)
        {
            byte* peer = PeerPage.PeersOf(from) + (i * TFamily.Length);
            if (PageNumberOf(TFamily.Hash(peer, secret), number + 1) != number)
                continue;

            to = PeerPage.Add<TFamily>(to, peer, PeerPage.KeysOf<TFamily>(from)[i], PeerPage.StampsOf<TFamily>(from)[i], memory);
            PeerPage.RemoveAt<TFamily>(from, i);
        }

        TrimPage<TFamily>(origin, memory);
        _root = (nint)PeerDirectory.Add(Directory, to, memory) | DirectoryBit;
    }

    /// <summary>Merges pages while they are a third full, down to a single one.</summary>
    private void Merge<TFamily>(SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        if (!IsDirectory)
        {
            if (_count == 0 && _root != 0)
                Clear<TFamily>(memory);
            return;
        }

        while (Directory->Count > 1 && _count < Directory->Count * (PageTarget / 3))
        {
            int number = Directory->Count - 1;
            PeerPage* from = PageAt(number);
            ref PeerPage* to = ref PeerDirectory.PagesOf(Directory)[OriginOf(number)];
            for (int i = 0; i < from->Count; i++)
            {
                to = PeerPage.Add<TFamily>(
                    to, PeerPage.PeersOf(from) + (i * TFamily.Length), PeerPage.KeysOf<TFamily>(from)[i], PeerPage.StampsOf<TFamily>(from)[i], memory);
            }

            PeerPage.Free<TFamily>(from, memory);
            Directory->Count--;
            _root = (nint)PeerDirectory.Trim(Directory, memory) | DirectoryBit;
        }

        if (Directory->Count == 1)
        {
            PeerPage* only = PageAt(0);
            PeerDirectory.Free(Directory, memory);
            _root = (nint)only;
            if (_count == 0)
                Clear<TFamily>(memory);
        }
    }

    private void TrimPage<TFamily>(int number, SwarmMemory memory)
        where TFamily : struct, IPeerFamily
    {
        if (IsDirectory)
        {
            ref PeerPage* place = ref PeerDirectory.PagesOf(Directory)[number];
            place = PeerPage.Trim<TFamily>(place, memory);
        }
        else if (_root != 0)
        {
            _root = (nint)PeerPage.Trim<TFamily>((PeerPage*)_root, memory);
        }
    }
}
