using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// The swarms of a shard by info-hash: open addressing over places of 8 bytes, half of them the hash, so that neither a search nor a
/// growth looks at swarms that are not meant. The swarms themselves never move and their memory is kept for others, so that it
/// may be prefetched without a lock.
/// </summary>
internal unsafe struct SwarmTable
{
    private const int ChunkLength = 64;
    private ulong[] _slots = new ulong[64];
    private nint[] _chunks = new nint[4];

    // One more than the number of the first free record; each names the next.
    private uint _free;

    private readonly SwarmMemory _memory;

    public SwarmTable(SwarmMemory memory) => _memory = memory;

    /// <summary>How many swarms there are.</summary>
    public int Count { get; private set; }

    /// <summary>One more than the highest number a swarm has had.</summary>
    public int Extent { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Swarm* At(int id) => (Swarm*)_chunks[id / ChunkLength] + (id % ChunkLength);

    public readonly void PrefetchSlot(ulong hash)
    {
        ulong[] slots = _slots;
        CacheLine.Prefetch(Unsafe.AsPointer(ref slots[(uint)hash & (uint)(slots.Length - 1)]));
    }

    public readonly void PrefetchSwarm(ulong hash)
    {
        ulong slot = _slots[(uint)hash & (uint)(_slots.Length - 1)];
        nint[] chunks = _chunks;
        uint id = (uint)slot - 1;
        if (id / ChunkLength < (uint)chunks.Length && chunks[id / ChunkLength] != 0)
            CacheLine.Prefetch((Swarm*)chunks[id / ChunkLength] + (id % ChunkLength));
    }

    public readonly Swarm* Find(ulong hash, in InfoHash infoHash)
    {
        ulong[] slots = _slots;
        uint mask = (uint)(slots.Length - 1);
        for (uint i = (uint)hash & mask; ; i = (i + 1) & mask)
        {
            ulong slot = slots[i];
            if (slot == 0)
                return null;
            if (slot >> 32 != (uint)hash)
                continue;

            Swarm* swarm = At((int)((uint)slot - 1));
            if (swarm->InfoHash == infoHash)
                return swarm;
        }
    }

    /// <summary>Adds a swarm that is not there.</summary>
    public Swarm* Add(ulong hash, in InfoHash infoHash)
    {
        if ((Count + 1) * 4L > _slots.Length * 3L)
            Grow();

        int id = TakeFree();
        uint mask = (uint)(_slots.Length - 1);
        uint i = (uint)hash & mask;
        while (_slots[i] != 0)
            i = (i + 1) & mask;
        _slots[i] = ((ulong)(uint)hash << 32) | (uint)(id + 1);
        Count++;

        Swarm* swarm = At(id);
        *swarm = default;
        swarm->InfoHash = infoHash;
        swarm->IsUsed = true;
        return swarm;
    }

    /// <summary>Removes a swarm that has no peers.</summary>
    public void Remove(ulong hash, int id)
    {
        uint mask = (uint)(_slots.Length - 1);
        uint hole = (uint)hash & mask;
        while ((uint)_slots[hole] != (uint)(id + 1))
            hole = (hole + 1) & mask;

        // Those behind move up, unless that would put them before the place where their search begins.
        for (uint i = (hole + 1) & mask; _slots[i] != 0; i = (i + 1) & mask)
        {
            uint home = (uint)(_slots[i] >> 32) & mask;
            if (((i - home) & mask) < ((i - hole) & mask))
                continue;

            _slots[hole] = _slots[i];
            hole = i;
        }

        _slots[hole] = 0;
        Count--;
        Swarm* swarm = At(id);
        *swarm = default;
        swarm->Completed = _free;
        _free = (uint)(id + 1);
    }

    /// <summary>Forgets everything at once; the memory is about to go.</summary>
    public void Clear()
    {
        _chunks = new nint[4];
        _slots = new ulong[64];
        Count = 0;
        Extent = 0;
        _free = 0;
    }

    private int TakeFree()
    {
        if (_free != 0)
        {
            int id = (int)(_free - 1);
            _free = At(id)->Completed;
            return id;
        }

        int chunk = Extent / ChunkLength;
        if (Extent % ChunkLength == 0)
        {
            if (chunk == _chunks.Length)
                Array.Resize(ref _chunks, _chunks.Length * 2);
            void* memory = _memory.Allocate(ChunkLength * Swarm.ByteSize);
            NativeMemory.Clear(memory, ChunkLength * Swarm.ByteSize);
            _chunks[chunk] = (nint)memory;
        }

        return Extent++;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        uint mask = (uint)(larger.Length - 1);
        foreach (ulong slot in _slots)
        {
            if (slot == 0)
                continue;

            uint i = (uint)(slot >> 32) & mask;
            while (larger[i] != 0)
                i = (i + 1) & mask;
            larger[i] = slot;
        }

        _slots = larger;
    }
}
