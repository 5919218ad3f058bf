namespace OurTorrent.Tracker.Http;

/// <summary>What concerns HTTP and HTTPS alone.</summary>
public sealed record HttpOptions
{
    /// <summary>The certificate for HTTPS, a PEM or PKCS #12 (<c>.pfx</c>, <c>.p12</c>) file; with the whole chain, if there is one.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The PEM file of the certificate's private key, where it is not in the same file.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>The password of the private key.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>
    /// Networks of reverse proxies, whose <c>X-Forwarded-For</c> is believed. The client's address is the last one in it that is not
    /// such a proxy itself.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>From whom addresses are believed that stand in the announce itself.</summary>
    public AnnouncedAddresses AnnouncedAddresses { get; init; } = AnnouncedAddresses.FromPrivateNetworks;

    /// <summary>
    /// Whether clients are given peers of the other address family too, without asking; off by default. A client asks with
    /// <c>ipv4=</c> or <c>ipv6=</c> (BEP 7).
    /// </summary>
    public bool BothFamilies { get; init; }

    /// <summary>Whether a scrape that names no torrent is answered with all of them; off by default.</summary>
    public bool FullScrape { get; init; }

    /// <summary>Whether the operator's pages are served beside the announces, where they have no end point of their own; on by default.</summary>
    public bool Pages { get; init; } = true;

    /// <summary>
    /// Gives the .torrent file that is served at a path (<c>/album.torrent</c>, as it stands in the request), or null where there is
    /// none; none at all by default. Asked for paths that are not the tracker's own, from any thread, and not waited for.
    /// </summary>
    public Func<string, byte[]?>? TorrentFile { get; init; }

    /// <summary>How many connections may be open at once; 20,000 by default. More are closed at once.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>How long a connection is kept on which nothing is asked; 30 seconds by default.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the head of a request may take to come; 5 seconds by default.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How far what outlives the process may lag behind before <c>/health</c> says so; a minute by default.</summary>
    public TimeSpan MaxPersistenceLag { get; init; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TrustedProxies);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(IdleTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(HeaderTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxPersistenceLag, TimeSpan.Zero);
        if (CertificateKeyFile is not null && CertificateFile is null)
            throw new ArgumentException($"{nameof(CertificateKeyFile)} needs {nameof(CertificateFile)}.", nameof(CertificateKeyFile));
    }
}
