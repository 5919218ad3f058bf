namespace OurTorrent.Tracker.Swarms;

/// <content>What leaves the shard, and comes into it, beside announces: changes, images, restored swarms.</content>
internal sealed unsafe partial class SwarmShard
{
    private ChangeChunk? _firstChange;
    private ChangeChunk? _lastChange;

    /// <summary>How many changes wait to be taken away.</summary>
    public int PendingChanges { get; private set; }

    /// <summary>Takes away what waits, the first at the head.</summary>
    public ChangeChunk? TakeChanges()
    {
        Enter();
        ChangeChunk? first = _firstChange;
        _firstChange = _lastChange = null;
        PendingChanges = 0;
        Exit();
        return first;
    }

    /// <summary>Takes a change from elsewhere: from a journal, or from another node. It is not handed on.</summary>
    /// <param name="hash">The hash of the info-hash.</param>
    /// <param name="change">The change.</param>
    /// <param name="peer">The peer in compact form.</param>
    /// <param name="isRemote">Whether it comes from another node, which counts completed downloads for itself.</param>
    public void Apply<TFamily>(ulong hash, in SwarmChange change, byte* peer, bool isRemote)
        where TFamily : struct, IPeerFamily
    {
        Enter();
        try
        {
            StampTime time = store.Time;
            bool isAlive = change.Kind != PeerKind.Gone && time.IsAlive(change.Seen, store.PeerLifetimeTicks);
            uint completed = isRemote && !change.IsCompletion ? 0 : change.Completed;
            Swarm* swarm = FindOrAdd(hash, change.InfoHash, isAlive || completed > 0);
            if (swarm == null)
                return;

            SwarmCounts before = swarm->Counts;
            swarm->Completed = isRemote ? swarm->Completed + (change.IsCompletion ? 1u : 0) : Math.Max(swarm->Completed, completed);
            Restore<TFamily>(swarm, peer, isAlive ? change.Kind : PeerKind.Gone, change.Key, change.Seen, time);
            swarm->IsChanged = true;
            SetIdle(swarm, time);
            Count<TFamily>(before, swarm->Counts);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Brings back a swarm from its image.</summary>
    public void Restore(ulong hash, in InfoHash infoHash, uint completed, ReadOnlySpan<byte> ipv4Peers, ReadOnlySpan<byte> ipv6Peers)
    {
        Enter();
        try
        {
            StampTime time = store.Time;
            Swarm* swarm = FindOrAdd(hash, infoHash, mayAdd: true);
            if (swarm == null)
                return;

            SwarmCounts before = swarm->Counts;
            swarm->Completed = Math.Max(swarm->Completed, completed);
            SetIdle(swarm, time);
            Count<IPv4Family>(before, swarm->Counts);
            Restore<IPv4Family>(swarm, ipv4Peers, time);
            Restore<IPv6Family>(swarm, ipv6Peers, time);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Copies the next swarm.</summary>
    /// <param name="id">The number to begin with; afterwards the one to go on with.</param>
    /// <param name="changedOnly">Whether only those count that have changed since the last image with this set.</param>
    /// <param name="image">Where it is copied to.</param>
    /// <returns>Whether there was one.</returns>
    public bool NextImage(ref int id, bool changedOnly, SwarmImage image)
    {
        Enter();
        try
        {
            StampTime time = store.Time;
            for (; id < _swarms.Extent; id++)
            {
                Swarm* swarm = _swarms.At(id);
                if (!swarm->IsUsed || (changedOnly && !swarm->IsChanged))
                    continue;

                image.Reset(swarm->InfoHash, swarm->Counts);
                swarm->IPv4Leechers.CopyTo<IPv4Family>(image, PeerKind.Leecher, time);
                swarm->IPv4Uploaders.CopyTo<IPv4Family>(image, PeerKind.Seeder, time);
                if (swarm->IPv6 != null)
                {
                    swarm->IPv6->Leechers.CopyTo<IPv6Family>(image, PeerKind.Leecher, time);
                    swarm->IPv6->Uploaders.CopyTo<IPv6Family>(image, PeerKind.Seeder, time);
                }

                if (changedOnly)
                {
                    swarm->IsChanged = false;
                    if (image.IsEmpty)
                        Remove(swarm, id);
                }

                id++;
                return true;
            }

            return false;
        }
        finally
        {
            Exit();
        }
    }

    private Swarm* FindOrAdd(ulong hash, in InfoHash infoHash, bool mayAdd)
    {
        Swarm* swarm = _swarms.Find(hash, infoHash);
        return swarm != null || !mayAdd || !store.TryAddTorrent() ? swarm : _swarms.Add(hash, infoHash);
    }

    private void Restore<TFamily>(Swarm* swarm, ReadOnlySpan<byte> peers, in StampTime time)
        where TFamily : struct, IPeerFamily
    {
        int length = TFamily.Length + SwarmImage.PeerSuffixLength;
        SwarmCounts before = swarm->Counts;
        fixed (byte* start = peers)
        {
            for (int i = 0; i + length <= peers.Length; i += length)
            {
                ReadOnlySpan<byte> suffix = peers.Slice(i + TFamily.Length, SwarmImage.PeerSuffixLength);
                uint seen = BinaryPrimitives.ReadUInt32LittleEndian(suffix[4..]);
                var kind = (PeerKind)suffix[8];
                if (kind is > PeerKind.Gone and <= PeerKind.Seeder && time.IsAlive(seen, store.PeerLifetimeTicks))
                    Restore<TFamily>(swarm, start + i, kind, BinaryPrimitives.ReadUInt32LittleEndian(suffix), seen, time);
            }
        }

        Count<TFamily>(before, swarm->Counts);
    }

    /// <summary>Makes a peer what it was when it was last heard of, unless it has been heard of since.</summary>
    private void Restore<TFamily>(Swarm* swarm, byte* peer, PeerKind kind, uint key, uint seen, in StampTime time)
        where TFamily : struct, IPeerFamily
    {
        PeerFound found = Find<TFamily>(swarm, peer, kind);
        uint age = time.Tick - Math.Min(time.TickOf(seen), time.Tick);
        if (found.Kind != PeerKind.Gone && PeerPage.StampsOf<TFamily>(found.Slot.Page)[found.Slot.Index].AgeAt(time.Tick) < age)
            return;

        if (kind == PeerKind.Gone)
        {
            if (found.Kind != PeerKind.Gone)
                Take<TFamily>(swarm, found);
            return;
        }

        var stamp = new PeerStamp(time.Tick - age, kind == PeerKind.PartialSeed);
        if (found.Kind == kind)
        {
            PeerPage.KeysOf<TFamily>(found.Slot.Page)[found.Slot.Index] = key;
            PeerPage.StampsOf<TFamily>(found.Slot.Page)[found.Slot.Index] = stamp;
        }
        else if (found.Kind != PeerKind.Gone || swarm->Peers < store.MaxPeersPerTorrent)
        {
            Put<TFamily>(swarm, peer, found, kind, key, stamp);
        }
    }

    private void Record(Swarm* swarm, in PeerAnnounce announce, PeerKind kind, bool isCompletion, uint now)
    {
        ChangeFeed feed = store.Changes;
        if (!feed.IsEnabled)
            return;

        swarm->IsChanged = true;
        var change = new SwarmChange(announce.InfoHash, announce.Peer, kind, isCompletion, announce.Key, now, swarm->Completed);
        if (_lastChange is null || _lastChange.Length + change.WireLength > ChangeChunk.Capacity)
        {
            if (feed.Rent() is not { } chunk)
                return;
            if (_lastChange is null)
                _firstChange = chunk;
            else
                _lastChange.Next = chunk;
            _lastChange = chunk;
        }

        change.Write(_lastChange.Bytes.AsSpan(_lastChange.Length));
        _lastChange.Length += change.WireLength;
        _lastChange.Count++;
        PendingChanges++;
    }
}
