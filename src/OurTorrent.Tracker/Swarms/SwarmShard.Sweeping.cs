namespace OurTorrent.Tracker.Swarms;

/// <content>Forgetting: peers not heard of any more, and swarms nobody is in.</content>
internal sealed unsafe partial class SwarmShard
{
    /// <summary>Forgets who was last heard of too long ago; the lock is given back after each few thousand peers.</summary>
    /// <param name="lifetime">How many ticks a peer lives; less than zero forgets all.</param>
    public void Sweep(int lifetime)
    {
        for (int id = 0; ;)
        {
            Enter();
            int extent = _swarms.Extent;

            // When all are to go nobody may come or move in between: the stamps of those who are missed would tell nothing.
            int budget = lifetime < 0 ? int.MaxValue : PagesAtOnce;
            while (id < extent && budget > 0)
            {
                budget -= SweepSwarm(id, lifetime, ref _sweptPage, ref _sweptTable, budget);
                if (_sweptTable == 0 && _sweptPage == 0)
                    id++;
            }

            Exit();
            if (id >= extent)
                return;
        }
    }

    // Where in a swarm the sweep goes on, when it has too many peers to be looked through at once.
    private int _sweptPage;
    private int _sweptTable;

    /// <summary>Looks through some pages of a swarm.</summary>
    /// <returns>How many pages that cost, at least one.</returns>
    private int SweepSwarm(int id, int lifetime, ref int page, ref int table, int pages)
    {
        Swarm* swarm = _swarms.At(id);
        if (!swarm->IsUsed)
        {
            page = table = 0;
            return 1;
        }

        StampTime time = store.Time;
        SwarmCounts before = swarm->Counts;
        int begin = page;
        int partialSeeds = 0;
        int gone = table switch
        {
            0 => swarm->IPv4Leechers.Sweep<IPv4Family>(time.Tick, lifetime, ref page, pages, ref partialSeeds, _memory),
            1 => swarm->IPv4Uploaders.Sweep<IPv4Family>(time.Tick, lifetime, ref page, pages, ref partialSeeds, _memory),
            2 => swarm->IPv6 == null ? SkipTable(ref page) :
                swarm->IPv6->Leechers.Sweep<IPv6Family>(time.Tick, lifetime, ref page, pages, ref partialSeeds, _memory),
            _ => swarm->IPv6 == null ? SkipTable(ref page) :
                swarm->IPv6->Uploaders.Sweep<IPv6Family>(time.Tick, lifetime, ref page, pages, ref partialSeeds, _memory),
        };
        if (gone > 0)
        {
            swarm->PartialSeeds -= partialSeeds;
            swarm->IsChanged = true;
            SetIdle(swarm, time);
            if (table < 2)
                Count<IPv4Family>(before, swarm->Counts);
            else
                Count<IPv6Family>(before, swarm->Counts);
        }

        if (page >= 0)
            return Math.Max(page - begin, 1);

        page = 0;
        table = (table + 1) % 4;
        if (table == 0)
            RemoveIfIdle(swarm, id, time);
        return 1;
    }

    private static int SkipTable(ref int page)
    {
        page = -1;
        return 0;
    }

    /// <summary>Forgets a swarm that has no peers, and nothing to remember or to tell the journal.</summary>
    private void RemoveIfIdle(Swarm* swarm, int id, in StampTime time)
    {
        if (swarm->IPv6 != null && swarm->IPv6->Leechers.Count + swarm->IPv6->Uploaders.Count == 0)
        {
            _memory.Free(swarm->IPv6, (nuint)sizeof(Swarm.IPv6Peers));
            swarm->IPv6 = null;
        }

        if (swarm->Peers > 0)
            return;

        if (swarm->Completed > 0)
        {
            if ((ushort)((time.Now / 3600) - swarm->IdleHour) < store.CompletedLifetimeHours)
                return;

            SwarmCounts before = swarm->Counts;
            swarm->Completed = 0;
            _totals.Add(before, swarm->Counts);
            swarm->IsChanged = true;
        }

        if (!store.Changes.IsEnabled || !store.Changes.IsImaged || !swarm->IsChanged)
            Remove(swarm, id);
    }

    private void Remove(Swarm* swarm, int id)
    {
        if (swarm->IPv6 != null)
        {
            _memory.Free(swarm->IPv6, (nuint)sizeof(Swarm.IPv6Peers));
        }

        _swarms.Remove(_secret.Of(swarm->InfoHash), id);
        store.RemoveTorrent();
    }
}
