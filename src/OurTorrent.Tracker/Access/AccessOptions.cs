namespace OurTorrent.Tracker.Access;

/// <summary>
/// Who may use the tracker, for what, and how much. Limits hold for an IPv4 address or an IPv6 /64, which is what one host has;
/// <see cref="ExemptNetworks"/> are free of them.
/// </summary>
public sealed record AccessOptions
{
    /// <summary>Files that list the torrents served, an info-hash in hexadecimal a line, <c>#</c> before a comment; with any, no others are served.</summary>
    public IReadOnlyList<string> AllowListFiles { get; init; } = [];

    /// <summary>Files that list torrents that are not served, whatever else allows them.</summary>
    public IReadOnlyList<string> DenyListFiles { get; init; } = [];

    /// <summary>The database that says who may use the tracker; null, the default, for the one that keeps the swarms.</summary>
    public string? Database { get; init; }

    /// <summary>Whether only torrents are served that a file or the database allows; off by default, and on where there is a file.</summary>
    public bool AllowedOnly { get; init; }

    /// <summary>Whether requests need a passkey of the database in their path; off by default.</summary>
    public bool Private { get; init; }

    /// <summary>Beginnings of the peer ids of clients that are not served (BEP 20), such as <c>-XL</c>; <c>%00</c> for bytes that are not text.</summary>
    public IReadOnlyList<string> BlockedClients { get; init; } = [];

    /// <summary>Networks from which nothing is answered.</summary>
    public IReadOnlyList<IPNetwork> BlockedNetworks { get; init; } = [];

    /// <summary>Files that list such networks: an address, a network (<c>192.0.2.0/24</c>) or a range (<c>192.0.2.1-192.0.2.9</c>) a line.</summary>
    public IReadOnlyList<string> BlockListFiles { get; init; } = [];

    /// <summary>Networks free of all limits below; this machine itself by default.</summary>
    public IReadOnlyList<IPNetwork> ExemptNetworks { get; init; } = [new(IPAddress.Parse("127.0.0.0"), 8), new(IPAddress.IPv6Loopback, 128)];

    /// <summary>How many announces and scraped torrents of an address are answered a minute; 0, the default, is without limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>The same for all of an IPv4 /24 or an IPv6 /48 together; 0, the default, is without limit.</summary>
    public int NetworkRequestsPerMinute { get; init; }

    /// <summary>
    /// How many new peers - a torrent and a port each - an address may bring in an hour before it counts as a spammer; 20,000 by
    /// default, which a seedbox with as many torrents does not exceed. 0 is without limit.
    /// </summary>
    public int NewPeersPerHour { get; init; } = 20_000;

    /// <summary>
    /// How many new peers an address may bring to one torrent in an hour, a port each, before it counts as a spammer; 500 by default,
    /// which is above what stands behind the address of a house, a school or a carrier. 0 is without limit.
    /// </summary>
    public int NewPortsPerTorrentPerHour { get; init; } = 500;

    /// <summary>How many refusals for a limit an address may earn in an hour before it is ignored; 5,000 by default. 0 is without limit.</summary>
    public int RefusalsBeforeIgnored { get; init; } = 5_000;

    /// <summary>How long a spammer is refused, at the least; 10 minutes by default.</summary>
    public TimeSpan SlowTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long nothing is answered to an address that would not slow down; an hour by default.</summary>
    public TimeSpan IgnoreTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often files and database are looked at for changes; 2 seconds by default.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether a text can stand in <see cref="BlockedClients"/>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPeerIdPrefix(string text) => BlockedClient.TryParse(text, out _);

    /// <summary>Whether everybody may do everything.</summary>
    internal bool IsOpen => this is
    {
        AllowListFiles.Count: 0,
        DenyListFiles.Count: 0,
        Database: null,
        AllowedOnly: false,
        Private: false,
        BlockedClients.Count: 0,
        BlockedNetworks.Count: 0,
        BlockListFiles.Count: 0,
        RequestsPerMinute: 0,
        NetworkRequestsPerMinute: 0,
        NewPeersPerHour: 0,
        NewPortsPerTorrentPerHour: 0,
    };

    /// <summary>Checks that the options make sense.</summary>
    /// <exception cref="ArgumentException">One of them does not; it is named.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(AllowListFiles);
        ArgumentNullException.ThrowIfNull(DenyListFiles);
        ArgumentNullException.ThrowIfNull(BlockedClients);
        ArgumentNullException.ThrowIfNull(BlockedNetworks);
        ArgumentNullException.ThrowIfNull(BlockListFiles);
        ArgumentNullException.ThrowIfNull(ExemptNetworks);
        RequireLimit(RequestsPerMinute, nameof(RequestsPerMinute));
        RequireLimit(NetworkRequestsPerMinute, nameof(NetworkRequestsPerMinute));
        RequireLimit(NewPeersPerHour, nameof(NewPeersPerHour));
        RequireLimit(NewPortsPerTorrentPerHour, nameof(NewPortsPerTorrentPerHour));
        ArgumentOutOfRangeException.ThrowIfNegative(RefusalsBeforeIgnored);
        ArgumentOutOfRangeException.ThrowIfLessThan(SlowTime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(IgnoreTime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReloadInterval, TimeSpan.FromMilliseconds(10));
        foreach (string client in BlockedClients)
        {
            if (!IsPeerIdPrefix(client))
                throw new ArgumentException($"{nameof(BlockedClients)}: '{client}' is not the beginning of a peer id of 1 to {PeerId.Length} bytes.");
        }
    }

    private static void RequireLimit(int limit, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LeakyBuckets.LargestLimit, name);
    }
}
