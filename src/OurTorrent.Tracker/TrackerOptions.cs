using Microsoft.Extensions.Logging.Abstractions;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Http;
using OurTorrent.Tracker.Sqlite;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker;

/// <summary>What a tracker listens on and how it behaves.</summary>
public sealed record TrackerOptions
{
    /// <summary>By how much a peer is remembered longer than the longest interval a client may be told, at the least.</summary>
    private const double LifetimeInIntervals = 1.5;

    /// <summary>More peers than any client dials; room for them is kept for each thread.</summary>
    private const int MostPeers = 5000;

    // Peers that live one and a half times as long are within the lifetime a store knows, a day.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(16);

    /// <summary>Where UDP requests are taken (BEP 15); several for several addresses. Port 0 takes any that is free.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints { get; init; } = [];

    /// <summary>Where HTTP requests are taken (BEP 3).</summary>
    public IReadOnlyList<IPEndPoint> HttpEndPoints { get; init; } = [];

    /// <summary>Where HTTPS requests are taken; needs <see cref="HttpOptions.CertificateFile"/>.</summary>
    public IReadOnlyList<IPEndPoint> HttpsEndPoints { get; init; } = [];

    /// <summary>
    /// Where the operator's pages are served by HTTP: <c>/</c>, <c>/stats</c>, <c>/metrics</c> and <c>/health</c>. Where this is empty,
    /// they are served beside the announces, unless <see cref="HttpOptions.Pages"/> is off.
    /// </summary>
    public IReadOnlyList<IPEndPoint> AdminEndPoints { get; init; } = [];

    /// <summary>How many threads take UDP requests; 0, the default, is one for each processor.</summary>
    public int UdpWorkers { get; init; }

    /// <summary>The SQLite database in which the swarms are kept, or null to keep them in memory alone.</summary>
    public string? Database { get; init; }

    /// <summary>How what happens is brought to the database.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>
    /// Where the swarms are kept, in place of <see cref="Database"/> and <see cref="Swarms"/>. The tracker opens it at its start, and
    /// writes it out and disposes of it at its end.
    /// </summary>
    public ISwarmStore? Store { get; init; }

    /// <summary>
    /// The measures of the swarms. The lifetime of peers is raised, where need be, to one and a half times
    /// <see cref="MaxAnnounceInterval"/>, so that nobody is forgotten who announces when told.
    /// </summary>
    public MemorySwarmStoreOptions Swarms { get; init; } = new();

    /// <summary>The torrents that are served, and no others; null, the default, sets no such bound. Of a hybrid torrent give both info-hashes.</summary>
    public IReadOnlySet<InfoHash>? Torrents { get; init; }

    /// <summary>How often clients shall announce while the load is low; 30 minutes by default, 16 hours at most.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long clients are told to wait at most, when the load is above <see cref="TargetRequestRate"/>; null, the default, is twice
    /// <see cref="AnnounceInterval"/>.
    /// </summary>
    public TimeSpan? MaxAnnounceInterval { get; init; }

    /// <summary>How many requests a second are no reason to have clients announce less often; 50,000 by default.</summary>
    public double TargetRequestRate { get; init; } = 50_000;

    /// <summary>How many peers a client is given that does not say how many it wants; 50 by default.</summary>
    public int DefaultNumWant { get; init; } = 50;

    /// <summary>How many peers a client is given at most; 200 by default.</summary>
    public int MaxNumWant { get; init; } = 200;

    /// <summary>Whether addresses of clients may be written to the log; off by default.</summary>
    public bool LogAddresses { get; init; }

    /// <summary>What concerns HTTP and HTTPS alone.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>Who may use the tracker, for what, and how much.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>What few have to set of how UDP requests are taken.</summary>
    public UdpOptions Udp { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long clients are told to wait at most, also where nobody has said.</summary>
    internal TimeSpan EffectiveMaxInterval =>
        MaxAnnounceInterval ?? (AnnounceInterval * 2 < LongestInterval ? AnnounceInterval * 2 : LongestInterval);

    /// <summary>The measures of the swarms as they are used: with the clock of the tracker, and peers that outlive their interval.</summary>
    internal MemorySwarmStoreOptions EffectiveSwarms
    {
        get
        {
            TimeSpan needed = EffectiveMaxInterval * LifetimeInIntervals;
            return Swarms with
            {
                PeerLifetime = Swarms.PeerLifetime >= needed ? Swarms.PeerLifetime : needed,
                TimeProvider = TimeProvider,
            };
        }
    }

    /// <summary>Reads the lists and the certificate that the options name, to see whether they can be used; the database is left alone.</summary>
    /// <exception cref="AccessListException">A list cannot be read.</exception>
    /// <exception cref="TrackerException">The certificate cannot be read or used.</exception>
    public void CheckFiles()
    {
        using (new AccessLists(Access, database: null, NullLogger.Instance))
        {
            // Making them has read them.
        }

        if (Http.CertificateFile is not null)
            CertificateFile.Load(Http).Dispose();
    }

    /// <summary>Checks that the options make sense together.</summary>
    /// <exception cref="ArgumentException">One of them does not; it is named.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(UdpEndPoints);
        ArgumentNullException.ThrowIfNull(HttpEndPoints);
        ArgumentNullException.ThrowIfNull(HttpsEndPoints);
        ArgumentNullException.ThrowIfNull(AdminEndPoints);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Http);
        ArgumentNullException.ThrowIfNull(Swarms);
        ArgumentNullException.ThrowIfNull(Access);
        ArgumentNullException.ThrowIfNull(Udp);
        ArgumentNullException.ThrowIfNull(Journal);
        ArgumentOutOfRangeException.ThrowIfNegative(UdpWorkers);
        ArgumentOutOfRangeException.ThrowIfLessThan(AnnounceInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AnnounceInterval, LongestInterval);
        ArgumentOutOfRangeException.ThrowIfLessThan(EffectiveMaxInterval, AnnounceInterval, nameof(MaxAnnounceInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EffectiveMaxInterval, LongestInterval, nameof(MaxAnnounceInterval));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TargetRequestRate);
        ArgumentOutOfRangeException.ThrowIfNegative(DefaultNumWant);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxNumWant, DefaultNumWant);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxNumWant, MostPeers);
        Http.Validate();
        Access.Validate();
        if (Access.Private && (Access.Database ?? Database) is null)
            throw new ArgumentException($"{nameof(Access)}.{nameof(AccessOptions.Private)} needs {nameof(Database)}, which holds the passkeys.", nameof(Access));
        Udp.Validate();
        Journal.Validate();
        if (HttpsEndPoints.Count > 0 && Http.CertificateFile is null)
            throw new ArgumentException($"{nameof(HttpsEndPoints)} needs {nameof(Http)}.{nameof(HttpOptions.CertificateFile)}.", nameof(HttpsEndPoints));
        if (Store is not null && Database is not null)
            throw new ArgumentException($"{nameof(Database)} and {nameof(Store)} cannot both be given.", nameof(Database));
        if (Store is null)
            EffectiveSwarms.Validate();
    }
}
