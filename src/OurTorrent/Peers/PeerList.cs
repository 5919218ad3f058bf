using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Peers;

/// <summary>
/// The peers of a torrent that could be dialled: where they are, who named them, and how dialling them went. It is bounded;
/// a newcomer takes the place of the worst, if that is worse.
/// </summary>
/// <param name="random">Chooses among equals.</param>
/// <param name="capacity">How many peers are remembered at most.</param>
internal sealed class PeerList(Random random, int capacity = 2000)
{
    private const int MaxBanned = 65_536;
    private const int MaxSelf = 64;
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(30);

    /// <summary>Who names a peer by hand often starts it at the same moment, and does not want to wait for it.</summary>
    private static readonly TimeSpan FirstBackOffOfGiven = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseOfGiven = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(1);

    private readonly Dictionary<IPEndPoint, PeerCandidate> _candidates = [];
    private readonly HashSet<IPAddress> _banned = [];
    private readonly HashSet<IPEndPoint> _self = [];
    private Func<IPEndPoint, uint>? _priority;

    /// <summary>All peers that are remembered.</summary>
    public IReadOnlyCollection<PeerCandidate> Candidates => _candidates.Values;

    /// <summary>How many are being dialled or are connected.</summary>
    public int InUseCount { get; private set; }

    /// <summary>Whether peers known to have everything are passed over, as we have everything ourselves.</summary>
    public bool SkipSeeds { get; set; }

    /// <summary>Says how the canonical priority of a peer (BEP 40) is reckoned, once our own address is known or has changed.</summary>
    public void SetPriority(Func<IPEndPoint, uint> priority)
    {
        _priority = priority;
        foreach (PeerCandidate candidate in _candidates.Values)
            candidate.Priority = priority(candidate.EndPoint);
    }

    /// <summary>Adds a peer, or notes that one more source named it.</summary>
    /// <returns>The peer, or null when it is refused: no address to dial, banned, ourselves, or worse than all of a full list.</returns>
    public PeerCandidate? Add(IPEndPoint endPoint, PeerSource source)
    {
        if (!IsDiallable(endPoint))
            return null;

        endPoint = Normalize(endPoint);
        if (_candidates.TryGetValue(endPoint, out PeerCandidate? known))
        {
            known.Sources |= source;
            return known;
        }

        if (_banned.Contains(endPoint.Address) || _self.Contains(endPoint) || !MakeRoom(source))
            return null;

        var candidate = new PeerCandidate(endPoint, source, _priority?.Invoke(endPoint) ?? 0, random.Next());
        _candidates.Add(endPoint, candidate);
        return candidate;
    }

    /// <summary>The peer that listens at an address, or null when it is not known.</summary>
    public PeerCandidate? Find(IPEndPoint endPoint) => _candidates.GetValueOrDefault(Normalize(endPoint));

    /// <summary>
    /// The peer to dial next, which counts as in use from now on: the one that failed least, a given one before others,
    /// the longest untried, then by canonical priority.
    /// </summary>
    /// <returns>The peer, or null when none is due.</returns>
    public PeerCandidate? Next(TimeSpan now)
    {
        PeerCandidate? best = null;
        foreach (PeerCandidate candidate in _candidates.Values)
        {
            if (IsWaiting(candidate) && candidate.NotBefore <= now && (best is null || Compare(candidate, best) < 0))
                best = candidate;
        }

        if (best is not null)
        {
            Use(best, true);
            best.LastTried = now;
        }

        return best;
    }

    /// <summary>When <see cref="Next"/> has a peer, which may be in the past, or null when none waits.</summary>
    public TimeSpan? NextDue()
    {
        TimeSpan? due = null;
        foreach (PeerCandidate candidate in _candidates.Values)
        {
            if (IsWaiting(candidate) && !(candidate.NotBefore >= due))
                due = candidate.NotBefore;
        }

        return due;
    }

    /// <summary>
    /// The handshake with a peer is done, whoever dialled. Its failures still count: many can shake hands who then do nothing but
    /// break the protocol.
    /// </summary>
    public void Connected(PeerCandidate candidate) => Use(candidate, true);

    /// <summary>
    /// A peer could not be reached, was of no use or broke the protocol: it is left alone for 30 s (1 s if named by hand), twice as
    /// long each time, an hour at most.
    /// </summary>
    public void Failed(PeerCandidate candidate, TimeSpan now)
    {
        Use(candidate, false);
        candidate.LastTried = now;
        double factor = Math.Pow(2, candidate.Failures++);
        candidate.NotBefore = now + TimeSpan.FromSeconds(
            Math.Min((IsGiven(candidate) ? FirstBackOffOfGiven : FirstBackOff).TotalSeconds * factor, LongestBackOff.TotalSeconds));
    }

    /// <summary>A connection that had been of use ended: the peer's failures are forgotten, and it may be dialled again after a while.</summary>
    public void Disconnected(PeerCandidate candidate, TimeSpan now)
    {
        Use(candidate, false);
        candidate.Failures = 0;
        candidate.LastTried = now;
        candidate.NotBefore = now + (IsGiven(candidate) ? PauseOfGiven : FirstBackOff);
    }

    /// <summary>Peers that could be reached the last time may be dialled at once: they are wanted again.</summary>
    public void Forgive()
    {
        foreach (PeerCandidate candidate in _candidates.Values)
        {
            if (candidate.Failures == 0)
                candidate.NotBefore = TimeSpan.Zero;
        }
    }

    /// <summary>An address turned out to be our own: it is forgotten and refused from now on.</summary>
    public void MarkSelf(IPEndPoint endPoint)
    {
        endPoint = Normalize(endPoint);
        if (_candidates.Remove(endPoint, out PeerCandidate? candidate))
            Use(candidate, false);
        if (_self.Count < MaxSelf)
            _self.Add(endPoint);
    }

    /// <summary>Nobody at an address is dialled or let in again.</summary>
    public void Ban(IPAddress address)
    {
        address = Normalize(address);
        if (_banned.Count < MaxBanned)
            _banned.Add(address);

        // Taking entries out does not disturb the enumeration of a dictionary.
        foreach ((IPEndPoint endPoint, PeerCandidate candidate) in _candidates)
        {
            if (endPoint.Address.Equals(address))
            {
                _candidates.Remove(endPoint);
                Use(candidate, false);
            }
        }
    }

    /// <summary>Whether an address is banned.</summary>
    public bool IsBanned(IPAddress address) => _banned.Contains(Normalize(address));

    /// <summary>Whether a peer could be dialled there at all: a port, and the address of one machine.</summary>
    public static bool IsDiallable(IPEndPoint endPoint)
    {
        if (endPoint.Port == 0)
            return false;

        IPAddress address = Normalize(endPoint.Address);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);

        // "This network", multicast, the reserved class E and the broadcast address are nobody's.
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out int length) && length == 4 && bytes[0] is > 0 and < 224;
    }

    private static IPEndPoint Normalize(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static int Compare(PeerCandidate left, PeerCandidate right)
    {
        int order = left.Failures.CompareTo(right.Failures);
        if (order == 0)
            order = IsGiven(right).CompareTo(IsGiven(left));
        if (order == 0)
            order = Nullable.Compare(left.LastTried, right.LastTried);
        if (order == 0)
            order = right.Priority.CompareTo(left.Priority);
        return order != 0 ? order : left.Lot.CompareTo(right.Lot);
    }

    private static bool IsGiven(PeerCandidate candidate) => (candidate.Sources & PeerSource.Given) != PeerSource.None;

    // What anybody can make up counts least.
    private static int TrustOf(PeerSource sources)
    {
        if ((sources & (PeerSource.Given | PeerSource.LocalDiscovery)) != PeerSource.None)
            return 3;

        if ((sources & (PeerSource.Tracker | PeerSource.Incoming)) != PeerSource.None)
            return 2;

        return (sources & PeerSource.Resume) != PeerSource.None ? 1 : 0;
    }

    private void Use(PeerCandidate candidate, bool use)
    {
        if (candidate.IsInUse == use)
            return;

        candidate.IsInUse = use;
        InUseCount += use ? 1 : -1;
    }

    private bool IsWaiting(PeerCandidate candidate) => !candidate.IsInUse && !(SkipSeeds && candidate.IsSeed);

    private bool MakeRoom(PeerSource source)
    {
        if (_candidates.Count < capacity)
            return true;

        PeerCandidate? worst = null;
        foreach (PeerCandidate candidate in _candidates.Values)
        {
            if (!candidate.IsInUse && !IsGiven(candidate) && (worst is null || CompareWorth(candidate, worst) < 0))
                worst = candidate;
        }

        if (worst is null || (worst.Failures == 0 && TrustOf(worst.Sources) >= TrustOf(source)))
            return false;

        _candidates.Remove(worst.EndPoint);
        return true;
    }

    private static int CompareWorth(PeerCandidate left, PeerCandidate right)
    {
        int order = right.Failures.CompareTo(left.Failures);
        return order != 0 ? order : TrustOf(left.Sources).CompareTo(TrustOf(right.Sources));
    }
}
