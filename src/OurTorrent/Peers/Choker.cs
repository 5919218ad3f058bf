namespace OurTorrent.Peers;

/// <summary>
/// Decides whom to upload to (BEP 3). While we download, slots go to those who give us most, and one, the optimistic
/// unchoke, to somebody at random, so that newcomers can show what they give. Who gives nothing though we want
/// something gets no other slot. While we seed, slots go round, so that everybody is served.
/// </summary>
/// <param name="random">Chooses among equals.</param>
internal sealed class Choker(Random random)
{
    private const int NewcomerWeight = 3;
    private const int FirstSlots = 8;
    private const int MinSlots = 4;
    private const int MaxSlots = 50;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OptimisticTurn = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SeedTurn = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NewcomerAge = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ChokerPeer> _ranked = [];
    private readonly List<ChokeChange> _changes = [];
    private TimeSpan _optimisticUntil;

    /// <summary>How many peers may be unchoked at once, the optimistic one included.</summary>
    public int Slots { get; set; } = FirstSlots;

    /// <summary>When <see cref="Evaluate"/> ranks anew. Called before that it only fills slots that are free.</summary>
    public TimeSpan NextDue { get; private set; }

    /// <summary>
    /// The number of slots that suits a rate of upload: few for a slow line. What many peers get a trickle of is whole, and so
    /// worth something to others, much later than what few get.
    /// </summary>
    /// <param name="rate">The rate in bytes per second, measured or set as a limit.</param>
    public static int SlotsFor(long rate) => (int)Math.Clamp(Math.Sqrt(rate / 1024.0 * 0.6), MinSlots, MaxSlots);

    /// <summary>
    /// The number of slots where nobody has set one: what suits the rate at which content leaves, and some more in place of
    /// those whose peers ask for nothing. A line that carries more is given more, until its rate grows no longer.
    /// </summary>
    /// <param name="rate">The rate of upload in bytes per second.</param>
    /// <param name="limit">The limit that is set on it, or null for none.</param>
    /// <param name="idle">How many unchoked peers ask for nothing.</param>
    public static int SlotsFor(long rate, long? limit, int idle)
    {
        int slots = SlotsFor(rate);
        return Math.Min(slots + Math.Min(idle, slots), limit is { } most ? SlotsFor(most) : MaxSlots);
    }

    /// <summary>
    /// Whether a peer has given us nothing for a minute though we wanted something: it gets the optimistic slot at most.
    /// </summary>
    public static bool IsFreeRider(ChokerPeer peer, TimeSpan now) =>
        peer.WantedSince is { } since && now - (peer.LastBlockAt > since ? peer.LastBlockAt.Value : since) >= Patience;

    /// <summary>
    /// Gives and takes slots. Call it at <see cref="NextDue"/>, and, so that free slots do not wait, whenever a peer
    /// becomes interested or an unchoked one leaves.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="peers">The connected peers.</param>
    /// <param name="seeding">Whether we have everything we want.</param>
    /// <returns>What changed, those choked first; valid until the next call.</returns>
    public IReadOnlyList<ChokeChange> Evaluate(TimeSpan now, IReadOnlyList<ChokerPeer> peers, bool seeding)
    {
        bool due = now >= NextDue;
        if (due)
            NextDue = now + Round;

        _changes.Clear();
        _ranked.Clear();
        int kept = 0;
        ChokerPeer? optimistic = null;
        for (int i = 0; i < peers.Count; i++)
        {
            ChokerPeer peer = peers[i];
            peer.Lot = random.Next();
            if (peer.IsOptimistic && peer.IsInterested && peer.IsUnchoked && !seeding && (!due || now < _optimisticUntil))
                optimistic = peer;

            // Between rounds nobody loses a slot; who is no longer interested keeps it for now, but holds it against nobody.
            peer.IsChosen = !due && peer.IsUnchoked;
            if (peer.IsChosen && peer.IsInterested && (seeding || !peer.IsOptimistic))
                kept++;
            if (!peer.IsChosen && peer.IsInterested && peer != optimistic && (seeding || !IsFreeRider(peer, now)))
                _ranked.Add(peer);
        }

        if (seeding)
        {
            _ranked.Sort((left, right) => CompareSeeding(left, right, now));
            Choose(Slots - kept);
        }
        else
        {
            // Who gives, not who was lucky: the optimistic one competes as well, and then makes room for another.
            int regular = Slots <= 1 ? Slots : Slots - 1;
            if (optimistic is not null && due && !IsFreeRider(optimistic, now))
                _ranked.Add(optimistic);
            _ranked.Sort(CompareLeeching);
            Choose(regular - kept);
            if (optimistic is { IsChosen: true } && due)
                optimistic = null;
            optimistic = Slots > regular ? optimistic ?? ChooseOptimistic(now, peers) : null;
            optimistic?.IsChosen = true;
        }

        Apply(now, peers, optimistic);
        return _changes;
    }

    private static int CompareLeeching(ChokerPeer left, ChokerPeer right)
    {
        int order = right.DownloadRate.CompareTo(left.DownloadRate);
        if (order == 0)
            order = right.IsUnchoked.CompareTo(left.IsUnchoked);
        return order != 0 ? order : left.Lot.CompareTo(right.Lot);
    }

    private static int CompareSeeding(ChokerPeer left, ChokerPeer right, TimeSpan now)
    {
        int order = SeedClass(left, now).CompareTo(SeedClass(right, now));
        if (order == 0 && left.IsUnchoked)
            order = right.UploadRate.CompareTo(left.UploadRate);
        else if (order == 0)
            order = WaitingSince(left).CompareTo(WaitingSince(right));
        if (order == 0)
            order = left.ConnectedAt.CompareTo(right.ConnectedAt);
        return order != 0 ? order : left.Lot.CompareTo(right.Lot);
    }

    // Those whose turn is not over, then those who wait, then those who had their turn.
    private static int SeedClass(ChokerPeer peer, TimeSpan now)
    {
        if (!peer.IsUnchoked)
            return 1;

        return now - peer.UnchokedAt < SeedTurn ? 0 : 2;
    }

    private static TimeSpan WaitingSince(ChokerPeer peer) => peer.ChokedAt ?? TimeSpan.MinValue;

    private void Choose(int count)
    {
        for (int i = 0; i < Math.Min(count, _ranked.Count); i++)
            _ranked[i].IsChosen = true;
    }

    private ChokerPeer? ChooseOptimistic(TimeSpan now, IReadOnlyList<ChokerPeer> peers)
    {
        // One pass of weighted choice: each takes the place of the one before with its share of the weight so far. The one
        // whose turn ended has another only when nobody else waits.
        ChokerPeer? choice = null;
        ChokerPeer? last = null;
        int weights = 0;
        for (int i = 0; i < peers.Count; i++)
        {
            ChokerPeer peer = peers[i];
            if (!peer.IsInterested || peer.IsChosen)
                continue;

            if (peer.IsOptimistic)
            {
                last = peer;
                continue;
            }

            int weight = now - peer.ConnectedAt < NewcomerAge ? NewcomerWeight : 1;
            weights += weight;
            if (random.Next(weights) < weight)
                choice = peer;
        }

        choice ??= last;
        if (choice is not null)
            _optimisticUntil = now + OptimisticTurn;
        return choice;
    }

    private void Apply(TimeSpan now, IReadOnlyList<ChokerPeer> peers, ChokerPeer? optimistic)
    {
        for (int i = 0; i < peers.Count; i++)
        {
            ChokerPeer peer = peers[i];
            peer.IsOptimistic = peer == optimistic;
            if (peer.IsChosen || !peer.IsUnchoked)
                continue;

            peer.IsUnchoked = false;
            peer.ChokedAt = now;
            _changes.Add(new ChokeChange(peer, false));
        }

        for (int i = 0; i < peers.Count; i++)
        {
            ChokerPeer peer = peers[i];
            if (!peer.IsChosen || peer.IsUnchoked)
                continue;

            peer.IsUnchoked = true;
            peer.UnchokedAt = now;
            _changes.Add(new ChokeChange(peer, true));
        }
    }
}
