using Microsoft.Extensions.Logging;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Access;

/// <summary>
/// Who may use the tracker: lists of torrents and networks, passkeys, and limits for each address. What a packet needs is read from one
/// immutable <see cref="AccessPolicy"/> and from tables of fixed size, without a lock. Nobody can have somebody else refused by forging
/// an address: over UDP only those are counted who have shown that they receive what is sent to them (the connection id of BEP 15).
/// </summary>
internal sealed class AccessControl : IAccessControl, IDisposable
{
    /// <summary>How many sources are counted at a time; 8 bytes each.</summary>
    private const int SourcesCounted = 65_536;

    private const int WorstShown = 5;

    private readonly bool _showAddresses;
    private readonly ILogger _logger;
    private readonly byte[][] _blockedClients;
    private readonly NetworkSet _exempt;
    private readonly AccessLists _lists;
    private readonly Offenders _offenders;
    private readonly LeakyBuckets? _requests;
    private readonly LeakyBuckets? _networkRequests;
    private readonly LeakyBuckets? _newPeers;
    private readonly LeakyBuckets? _newPorts;
    private readonly Lock _refreshing = new();
    private readonly ITimer _timer;
    private long _slowedReported;
    private long _ignoredReported;
    private AccessPolicy _policy;

    /// <summary>Reads what the options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="database">The tracker's database, or null.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="showAddresses">Whether the addresses of clients may be shown.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <exception cref="AccessListException">A list cannot be read.</exception>
    /// <exception cref="SwarmStoreException">The database cannot be read.</exception>
    public AccessControl(AccessOptions options, string? database, TrackerClock clock, bool showAddresses, ILogger logger)
    {
        _showAddresses = showAddresses;
        _logger = logger;
        _blockedClients = [.. options.BlockedClients.Select(static text => BlockedClient.TryParse(text, out byte[] prefix) ? prefix : [])];
        _exempt = new NetworkSet(options.ExemptNetworks.Select(AddressRange.Of));
        _offenders = new Offenders(options, clock);
        _requests = BucketsFor(options.RequestsPerMinute, TimeSpan.FromMinutes(1));
        _networkRequests = BucketsFor(options.NetworkRequestsPerMinute, TimeSpan.FromMinutes(1));
        _newPeers = BucketsFor(options.NewPeersPerHour, TimeSpan.FromHours(1));
        _newPorts = BucketsFor(options.NewPortsPerTorrentPerHour, TimeSpan.FromHours(1));
        _lists = new AccessLists(options, database, logger);
        _policy = _lists.ToPolicy();
        _timer = clock.Time.CreateTimer(static self => ((AccessControl)self!).Refresh(), this, options.ReloadInterval, options.ReloadInterval);

        LeakyBuckets? BucketsFor(int limit, TimeSpan time) => limit == 0 ? null : new LeakyBuckets(SourcesCounted, limit, time, clock);
    }

    private bool HasLimits => _requests is not null || _networkRequests is not null;

    /// <inheritdoc/>
    public bool IsIgnored(in ClientAddress source)
    {
        if (_policy.Blocked is { } blocked && blocked.Contains(source))
            return true;
        return _offenders.Count > 0 && _offenders.IsIgnored(SourceNetwork.HostOf(source));
    }

    /// <inheritdoc/>
    public Refusal Admit(in PeerAnnounce announce, in PeerId peerId, in ClientAddress source, ReadOnlySpan<byte> path)
    {
        if (announce.Peer.Port == 0)
            return Refusal.PortInvalid;
        if (_blockedClients.Length > 0 && IsBlocked(peerId))
            return Refusal.ClientBlocked;

        Refusal refusal = CheckLimits(source);
        return refusal == Refusal.None ? CheckLists(announce.InfoHash, path) : refusal;
    }

    /// <inheritdoc/>
    public Refusal AdmitScrape(in InfoHash infoHash, in ClientAddress source, ReadOnlySpan<byte> path)
    {
        Refusal refusal = CheckLimits(source);
        return refusal == Refusal.None ? CheckLists(infoHash, path) : refusal;
    }

    /// <inheritdoc/>
    public void Note(in PeerAnnounce announce, in ClientAddress source, in AnnounceResult result)
    {
        if (result.Change != PeerChange.Joined || (_newPeers is null && _newPorts is null) || _exempt.Contains(source))
            return;

        SourceNetwork host = SourceNetwork.HostOf(source);
        bool fits = _newPeers is null || _newPeers.TryAdd(host.Value);
        if (fits && _newPorts is not null)
        {
            // Of the info-hash 16 bytes are as good as all of it; the bits of the two are mixed only after this, with a secret.
            fits = _newPorts.TryAdd(host.Value ^ UInt128.RotateLeft(BinaryPrimitives.ReadUInt128LittleEndian(announce.InfoHash.Span), 1));
        }

        if (!fits)
            _offenders.Slow(host);
    }

    /// <inheritdoc/>
    public AccessSnapshot Snapshot()
    {
        AccessPolicy policy = _policy;
        return new AccessSnapshot(
            policy.Allowed?.Sum(static list => list.Count),
            policy.Denied.Sum(static list => list.Count),
            policy.Blocked?.Count ?? 0,
            policy.Passkeys?.Count,
            _offenders.CountOf(OffenderStage.Slowed),
            _offenders.CountOf(OffenderStage.Ignored),
            _offenders.Count == 0 ? [] : _offenders.Worst(WorstShown, _showAddresses));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_refreshing)
            _lists.Dispose();
    }

    private Refusal CheckLimits(in ClientAddress source)
    {
        if (_offenders.Count == 0 && !HasLimits)
            return Refusal.None;

        SourceNetwork host = SourceNetwork.HostOf(source);
        bool isSlowed = _offenders.Count > 0 && _offenders.IsSlowed(host);
        if (!isSlowed && (!HasLimits || _exempt.Contains(source)))
            return Refusal.None;
        if (!isSlowed && (_requests is null || _requests.TryAdd(host.Value)))
        {
            // A network's limit is not held against the one host of it that happens to come last.
            return _networkRequests is null || _networkRequests.TryAdd(SourceNetwork.Around(source).Value) ? Refusal.None : Refusal.TooManyRequests;
        }

        _offenders.Refuse(host);
        return isSlowed ? Refusal.TooManyNewPeers : Refusal.TooManyRequests;
    }

    private Refusal CheckLists(in InfoHash infoHash, ReadOnlySpan<byte> path)
    {
        AccessPolicy policy = _policy;
        if (policy.Passkeys is { } passkeys)
        {
            if (!Passkey.TryFind(path, out ReadOnlySpan<byte> digits))
                return Refusal.PasskeyMissing;
            if (!passkeys.Contains(Passkey.DigestOf(digits)))
                return Refusal.PasskeyUnknown;
        }

        if (policy.Denied.Length > 0 && AccessPolicy.IsOn(policy.Denied, infoHash))
            return Refusal.TorrentDenied;
        return policy.Allowed is not { } allowed || AccessPolicy.IsOn(allowed, infoHash) ? Refusal.None : Refusal.TorrentNotAllowed;
    }

    private bool IsBlocked(in PeerId peerId)
    {
        foreach (byte[] prefix in _blockedClients)
        {
            if (peerId.Span.StartsWith(prefix))
                return true;
        }

        return false;
    }

    private void Refresh()
    {
        // A look that takes longer than the time between two is not begun a second time.
        if (!_refreshing.TryEnter())
            return;

        try
        {
            if (_lists.Refresh())
            {
                Volatile.Write(ref _policy, _lists.ToPolicy());
                AccessSnapshot now = Snapshot();
                Log.Changed(_logger, Text(now.AllowedTorrents, "all"), now.DeniedTorrents, now.BlockedNetworks, Text(now.Passkeys, "no need of"));
            }

            if (_offenders.Count > 0)
            {
                _offenders.Sweep();
                Report();
            }
        }
        finally
        {
            _refreshing.Exit();
        }
    }

    private static string Text(int? count, string otherwise) => count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? otherwise;

    private void Report()
    {
        long slowed = _offenders.SlowedEver - _slowedReported;
        long ignored = _offenders.IgnoredEver - _ignoredReported;
        if (slowed + ignored == 0)
            return;

        _slowedReported += slowed;
        _ignoredReported += ignored;
        Log.Offended(_logger, slowed, ignored, string.Join(", ", _offenders.Worst(WorstShown, _showAddresses).Select(static one => one.Network)));
    }
}
