using System.Net;

namespace OurTorrent.Peers;

/// <summary>The peers of a torrent that could be dialled.</summary>
internal sealed class PeerList(Random random, int capacity = 2000)
{
    public IReadOnlyCollection<PeerCandidate> Candidates => throw new NotSupportedException();
    /// <summary>Whether seeds are passed over (we have everything ourselves).</summary>
    public bool SkipSeeds { get; set; }
    /// <summary>Sets how a pair's canonical priority (BEP 40) is reckoned, once our own address is known.</summary>
    public void SetPriority(Func<IPEndPoint, uint> priority) => throw new NotSupportedException();
    /// <summary>Adds or merges; null when refused (invalid, banned, ourselves, full).</summary>
    public PeerCandidate? Add(IPEndPoint endPoint, PeerSource source) => throw new NotSupportedException();
    public PeerCandidate? Find(IPEndPoint endPoint) => throw new NotSupportedException();
    /// <summary>The next to dial, marked in use; null when none is due.</summary>
    public PeerCandidate? Next(TimeSpan now) => throw new NotSupportedException();
    /// <summary>When Next has one (maybe in the past), or null when none waits.</summary>
    public TimeSpan? NextDue() => throw new NotSupportedException();
    /// <summary>The handshake is done (dialled or incoming with known listen port): failures are forgotten.</summary>
    public void Connected(PeerCandidate candidate) => throw new NotSupportedException();
    /// <summary>Dialling failed, or the connection was of no use: back-off 30 s doubling to 1 h.</summary>
    public void Failed(PeerCandidate candidate, TimeSpan now) => throw new NotSupportedException();
    /// <summary>A good connection ended: dialled again after a while.</summary>
    public void Disconnected(PeerCandidate candidate, TimeSpan now) => throw new NotSupportedException();
    /// <summary>It is ourselves: never again.</summary>
    public void MarkSelf(IPEndPoint endPoint) => throw new NotSupportedException();
    public void Ban(IPAddress address) => throw new NotSupportedException();
    public bool IsBanned(IPAddress address) => throw new NotSupportedException();
    private readonly Random _random = random;
    private readonly int _capacity = capacity;
}
