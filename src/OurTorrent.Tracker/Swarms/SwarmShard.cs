using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>
/// A part of all swarms, chosen by hash, with everything that belongs to them under one lock that is held for a fraction of a
/// microsecond.
/// </summary>
internal sealed unsafe partial class SwarmShard(MemorySwarmStore store, SwarmMemory memory, in HashSecret secret, ulong seed)
{
    private const int PagesAtOnce = 64;
    private readonly HashSecret _secret = secret;
    private readonly SwarmMemory _memory = memory;
    private SwarmTable _swarms = new(memory);
    private XorShift _random = new(seed);
    private ShardTotals _totals;
    private int _lock;

    /// <summary>What the shard holds; read without its lock, so that the numbers may be of slightly different moments.</summary>
    public SwarmTotals Totals => _totals.Read();

    /// <summary>Forgets everything at once; the memory is about to go.</summary>
    public void Clear()
    {
        Enter();
        _swarms.Clear();
        Exit();
    }

    /// <summary>Asks the processor to fetch what an announce will touch: first the place in the table, then the swarm, then the page.</summary>
    public void Prefetch<TFamily>(ulong hash, in InfoHash infoHash, byte* peer, bool isSeeder, int step)
        where TFamily : struct, IPeerFamily
    {
        switch (step)
        {
            case 0:
                _swarms.PrefetchSlot(hash);
                break;
            case 1:
                _swarms.PrefetchSwarm(hash);
                break;
            default:
                Enter();
                Swarm* swarm = _swarms.Find(hash, infoHash);
                PeerTable* table = swarm == null ? null : isSeeder ? UploadersOf<TFamily>(swarm) : LeechersOf<TFamily>(swarm);
                if (table != null)
                    table->Prefetch(TFamily.Hash(peer, _secret));
                Exit();
                break;
        }
    }

    public AnnounceResult Announce<TFamily>(ulong hash, in PeerAnnounce announce, byte* peer, Span<byte> ipv4Peers, Span<byte> ipv6Peers)
        where TFamily : struct, IPeerFamily
    {
        Enter();
        try
        {
            StampTime time = store.Time;
            Swarm* swarm = _swarms.Find(hash, announce.InfoHash);
            bool isNew = swarm == null;
            if (isNew)
            {
                if (announce.Event == AnnounceEvent.Stopped)
                    return default;
                if (!store.TryAddTorrent())
                    return new AnnounceResult(AnnounceStatus.TooManyTorrents, default, false, default, 0, 0);
                swarm = _swarms.Add(hash, announce.InfoHash);
            }

            bool onlyLeechers = announce.IsSeeder || announce.Event == AnnounceEvent.Paused;
            PageDraw leechers = default, uploaders = default;
            if (LeechersOf<TFamily>(swarm) != null)
            {
                leechers = LeechersOf<TFamily>(swarm)->Draw(ref _random);
                if (!onlyLeechers)
                    uploaders = UploadersOf<TFamily>(swarm)->Draw(ref _random);
            }

            SwarmCounts before = swarm->Counts;
            PeerUpdate update = announce.Event == AnnounceEvent.Stopped
                ? Stop<TFamily>(swarm, announce, peer, time)
                : Note<TFamily>(swarm, announce, peer, time);
            SwarmCounts counts = swarm->Counts;
            if (update.IsRecorded)
                Count<TFamily>(before, counts);
            if (announce.Event == AnnounceEvent.Stopped)
                return new AnnounceResult(AnnounceStatus.Accepted, update.Change, false, counts, 0, 0);

            PeerSlot ipv4Self = typeof(TFamily) == typeof(IPv4Family) ? update.Slot : default;
            int ipv4Bytes = Choose<IPv4Family>(swarm, onlyLeechers, ipv4Peers, ipv4Self, leechers, uploaders);
            PeerSlot ipv6Self = typeof(TFamily) == typeof(IPv6Family) ? update.Slot : default;
            int ipv6Bytes = swarm->IPv6 == null
                ? 0
                : Choose<IPv6Family>(swarm, onlyLeechers, ipv6Peers, ipv6Self, leechers, uploaders);
            return new AnnounceResult(update.Status, update.Change, isNew, counts, ipv4Bytes, ipv6Bytes);
        }
        finally
        {
            Exit();
        }
    }

    public SwarmCounts Scrape(ulong hash, in InfoHash infoHash)
    {
        Enter();
        Swarm* swarm = _swarms.Find(hash, infoHash);
        SwarmCounts counts = swarm == null ? default : swarm->Counts;
        Exit();
        return counts;
    }

    /// <summary>Adds the counts of all swarms that have peers, or had some that completed.</summary>
    public void AddTo(List<SwarmSummary> summaries)
    {
        Enter();
        for (int id = 0; id < _swarms.Extent; id++)
        {
            Swarm* swarm = _swarms.At(id);
            if (swarm->IsUsed && (swarm->Peers > 0 || swarm->Completed > 0))
                summaries.Add(new SwarmSummary(swarm->InfoHash, swarm->Counts));
        }

        Exit();
    }

    /// <summary>Offers every swarm with peers to a list of the largest.</summary>
    public void AddTo(PriorityQueue<SwarmSummary, int> largest, int count)
    {
        Enter();
        for (int id = 0; id < _swarms.Extent; id++)
        {
            Swarm* swarm = _swarms.At(id);
            int peers = swarm->IsUsed ? swarm->Peers : 0;
            if (peers == 0 || (largest.Count == count && largest.TryPeek(out _, out int least) && peers <= least))
                continue;

            if (largest.Count == count)
                largest.Dequeue();
            largest.Enqueue(new SwarmSummary(swarm->InfoHash, swarm->Counts), peers);
        }

        Exit();
    }

    private static PeerKind KindOf(in PeerAnnounce announce) =>
        announce.IsSeeder ? PeerKind.Seeder : announce.Event == AnnounceEvent.Paused ? PeerKind.PartialSeed : PeerKind.Leecher;

    /// <summary>Takes the word of a peer that it is there.</summary>
    private PeerUpdate Note<TFamily>(Swarm* swarm, in PeerAnnounce announce, byte* peer, in StampTime time)
        where TFamily : struct, IPeerFamily
    {
        PeerKind kind = KindOf(announce);
        var stamp = new PeerStamp(time.Tick, kind == PeerKind.PartialSeed);
        PeerFound found = Find<TFamily>(swarm, peer, kind);
        if (found.Kind == kind)
        {
            ref uint key = ref PeerPage.KeysOf<TFamily>(found.Slot.Page)[found.Slot.Index];
            ref PeerStamp last = ref PeerPage.StampsOf<TFamily>(found.Slot.Page)[found.Slot.Index];
            bool isSame = key == announce.Key && last == stamp;
            if (!isSame)
            {
                key = announce.Key;
                last = stamp;
                Record(swarm, announce, kind, isCompletion: false, time.Now);
            }

            return new PeerUpdate(found.Slot, PeerChange.None, AnnounceStatus.Accepted, !isSame);
        }

        if (found.Kind == PeerKind.Gone && swarm->Peers >= store.MaxPeersPerTorrent)
            return new PeerUpdate(default, PeerChange.None, AnnounceStatus.TooManyPeers, isRecorded: false);

        // One that is new may well have completed: it was forgotten while it slept, or the tracker is younger than its download.
        bool completes = kind == PeerKind.Seeder && announce.Event == AnnounceEvent.Completed;
        if (completes)
            swarm->Completed++;
        PeerSlot slot = Put<TFamily>(swarm, peer, found, kind, announce.Key, stamp);
        Record(swarm, announce, kind, completes, time.Now);
        PeerChange change = found.Kind == PeerKind.Gone ? PeerChange.Joined : completes ? PeerChange.Completed : PeerChange.None;
        return new PeerUpdate(slot, change, AnnounceStatus.Accepted, isRecorded: true);
    }

    /// <summary>Takes the word of a peer that it leaves, if it is that peer's.</summary>
    private PeerUpdate Stop<TFamily>(Swarm* swarm, in PeerAnnounce announce, byte* peer, in StampTime time)
        where TFamily : struct, IPeerFamily
    {
        PeerFound found = Find<TFamily>(swarm, peer, KindOf(announce));
        if (found.Kind == PeerKind.Gone || PeerPage.KeysOf<TFamily>(found.Slot.Page)[found.Slot.Index] != announce.Key)
            return new PeerUpdate(default, PeerChange.None, AnnounceStatus.Accepted, isRecorded: false);

        Take<TFamily>(swarm, found);
        SetIdle(swarm, time);
        Record(swarm, announce, PeerKind.Gone, isCompletion: false, time.Now);
        return new PeerUpdate(default, PeerChange.Left, AnnounceStatus.Accepted, isRecorded: true);
    }

    private PeerFound Find<TFamily>(Swarm* swarm, byte* peer, PeerKind likely)
        where TFamily : struct, IPeerFamily
    {
        PeerTable* leechers = LeechersOf<TFamily>(swarm);
        if (leechers == null)
            return default;

        PeerTable* uploaders = UploadersOf<TFamily>(swarm);
        bool leechersFirst = likely == PeerKind.Leecher;
        PeerSlot slot = (leechersFirst ? leechers : uploaders)->Find<TFamily>(peer, _secret);
        if (!slot.IsFound)
        {
            slot = (leechersFirst ? uploaders : leechers)->Find<TFamily>(peer, _secret);
            leechersFirst = !leechersFirst;
            if (!slot.IsFound)
                return default;
        }

        PeerKind kind = leechersFirst ? PeerKind.Leecher :
            PeerPage.StampsOf<TFamily>(slot.Page)[slot.Index].IsPartialSeed ? PeerKind.PartialSeed : PeerKind.Seeder;
        return new PeerFound(kind, slot);
    }

    /// <summary>Puts a peer where its kind belongs, out of where it was.</summary>
    private PeerSlot Put<TFamily>(Swarm* swarm, byte* peer, in PeerFound found, PeerKind kind, uint key, PeerStamp stamp)
        where TFamily : struct, IPeerFamily
    {
        if (found.Kind != PeerKind.Gone)
            Take<TFamily>(swarm, found);
        if (typeof(TFamily) == typeof(IPv6Family) && swarm->IPv6 == null)
        {
            swarm->IPv6 = (Swarm.IPv6Peers*)_memory.Allocate((nuint)sizeof(Swarm.IPv6Peers));
            *swarm->IPv6 = default;
        }

        swarm->PartialSeeds += kind == PeerKind.PartialSeed ? 1 : 0;
        PeerTable* table = kind == PeerKind.Leecher ? LeechersOf<TFamily>(swarm) : UploadersOf<TFamily>(swarm);
        return table->Add<TFamily>(peer, key, stamp, _secret, _memory);
    }

    private void Take<TFamily>(Swarm* swarm, in PeerFound found)
        where TFamily : struct, IPeerFamily
    {
        swarm->PartialSeeds -= found.Kind == PeerKind.PartialSeed ? 1 : 0;
        PeerTable* table = found.Kind == PeerKind.Leecher ? LeechersOf<TFamily>(swarm) : UploadersOf<TFamily>(swarm);
        table->Remove<TFamily>(found.Slot, _memory);
    }

    /// <summary>Chooses peers of one family: leechers alone, or both kinds by their numbers, but a quarter of each if there are as many.</summary>
    private int Choose<TFamily>(
        Swarm* swarm, bool onlyLeechers, Span<byte> destination, in PeerSlot self, in PageDraw leecherDraw, in PageDraw uploaderDraw)
        where TFamily : struct, IPeerFamily
    {
        int wanted = destination.Length / TFamily.Length;
        if (wanted == 0)
            return 0;

        PeerTable* leechers = LeechersOf<TFamily>(swarm);
        PeerTable* uploaders = UploadersOf<TFamily>(swarm);
        if (onlyLeechers || uploaders->Count == 0)
            return leechers->CopyRandom<TFamily>(destination, self, leecherDraw, ref _random);

        // The one who asks is a leecher here.
        int ofLeechers = Math.Max(leechers->Count - (self.IsFound ? 1 : 0), 0);
        int fromUploaders = uploaders->Count;
        if (ofLeechers + fromUploaders > wanted)
        {
            int share = (int)((long)wanted * fromUploaders / (ofLeechers + fromUploaders));
            int quarter = wanted / 4;
            fromUploaders = Math.Clamp(share, Math.Min(quarter, fromUploaders), wanted - Math.Min(quarter, ofLeechers));
            fromUploaders = Math.Max(fromUploaders, wanted - ofLeechers);
        }

        int written = uploaders->CopyRandom<TFamily>(destination[..(fromUploaders * TFamily.Length)], self, uploaderDraw, ref _random);
        return written + leechers->CopyRandom<TFamily>(destination[written..], self, leecherDraw, ref _random);
    }

    private static PeerTable* LeechersOf<TFamily>(Swarm* swarm)
        where TFamily : struct, IPeerFamily =>
        typeof(TFamily) == typeof(IPv4Family) ? &swarm->IPv4Leechers : swarm->IPv6 == null ? null : &swarm->IPv6->Leechers;

    private static PeerTable* UploadersOf<TFamily>(Swarm* swarm)
        where TFamily : struct, IPeerFamily =>
        typeof(TFamily) == typeof(IPv4Family) ? &swarm->IPv4Uploaders : swarm->IPv6 == null ? null : &swarm->IPv6->Uploaders;

    private static void SetIdle(Swarm* swarm, in StampTime time)
    {
        if (swarm->Peers == 0)
            swarm->IdleHour = (ushort)(time.Now / 3600);
    }

    private void Count<TFamily>(in SwarmCounts before, in SwarmCounts after)
        where TFamily : struct, IPeerFamily
    {
        _totals.Add(before, after);
        if (typeof(TFamily) == typeof(IPv6Family))
            _totals.IPv6Peers += (after.Seeders + after.Leechers) - (before.Seeders + before.Leechers);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _lock, 1, 0) != 0)
            Wait();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wait()
    {
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref _lock, 1, 0) != 0)
            spin.SpinOnce();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Exit() => Volatile.Write(ref _lock, 0);
}
