using System.Globalization;
using System.Net;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Http;
using OurTorrent.Tracker.Redis;

namespace OurTorrent.Cli.Tracking;

/// <summary>Everything that can be set for a tracker.</summary>
internal static class TrackerSettings
{
    /// <summary>Where a tracker listens that was not told where.</summary>
    public const int DefaultPort = 6969;

    private const int MostPeers = 1000;
    private const int MostLimit = 3_000_000;
    private const string NetworkForm = "a network such as 192.0.2.0/24 or 2001:db8::/48, or an address, is needed";
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(16);

    /// <summary>The settings, in the order of the help.</summary>
    public static IReadOnlyList<TrackerSetting> All { get; } = [.. Listening(), .. Keeping(), .. Answering(), .. Serving(), .. Limiting()];

    private static IEnumerable<TrackerSetting> Listening() =>
    [
        EndPoints(
            "udp", "Take UDP requests here. May be given again. [default: *:6969, unless --http or --https is given]",
            static (options, added) => options with { UdpEndPoints = [.. options.UdpEndPoints, .. added] }),
        EndPoints(
            "http", "Take HTTP requests here. May be given again. [default: *:6969, unless --udp or --https is given]",
            static (options, added) => options with { HttpEndPoints = [.. options.HttpEndPoints, .. added] }),
        EndPoints(
            "https", "Take HTTPS requests here. May be given again.",
            static (options, added) => options with { HttpsEndPoints = [.. options.HttpsEndPoints, .. added] }),
        File(
            "certificate", "The certificate for HTTPS with its chain: PEM, or PKCS #12 (.pfx).",
            static (options, path) => options with { Http = options.Http with { CertificateFile = path } }),
        File(
            "certificate-key", "The PEM file of its private key, where that is not in the same file.",
            static (options, path) => options with { Http = options.Http with { CertificateKeyFile = path } }),
        Secret(
            "certificate-password", "PASSWORD", "The password of the private key; better given as a variable or in the file.", "a password is needed",
            static (options, text) => text.Length > 0 ? options with { Http = options.Http with { CertificatePassword = text } } : null),
        EndPoints(
            "admin", "Serve the operator's pages (/, /stats, /metrics, /health) here and not beside the announces. May be given again.",
            static (options, added) => options with { AdminEndPoints = [.. options.AdminEndPoints, .. added] }),
        Switch("no-pages", "Do not serve the operator's pages beside the announces.", static options => options with { Http = options.Http with { Pages = false } }),
        Networks(
            "trusted-proxy", "Believe X-Forwarded-For of reverse proxies in this network. May be given again.",
            static (options, network) => options with { Http = options.Http with { TrustedProxies = [.. options.Http.TrustedProxies, network] } }),
        Whole("workers", "How many threads take UDP requests. [default: one for each processor]", 0, 1024, static (options, value) => options with { UdpWorkers = value }),
        Whole(
            "max-connections", "How many HTTP connections may be open at once. [default: 20000]", 1, 1_000_000,
            static (options, value) => options with { Http = options.Http with { MaxConnections = value } }),
        Secret(
            "connection-id-key", "HEX", "The secret of UDP connection ids, for several nodes behind one address. [default: a new one at each start]",
            "32 hexadecimal digits are needed",
            static (options, text) => text.Length == 32 && text.All(char.IsAsciiHexDigit)
                ? options with { Udp = options.Udp with { ConnectionIdKey = Convert.FromHexString(text) } }
                : null),
    ];

    private static IEnumerable<TrackerSetting> Keeping() =>
    [
        File(
            "database", "Keep the swarms, and who may use the tracker, in this SQLite database. [default: swarms in memory alone]",
            static (options, path) => options with { Database = path }),
        Time(
            "flush-interval", "How much time a crash may cost what is kept. [default: 5s]", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1),
            static (options, value) => options with { Journal = options.Journal with { FlushInterval = value } }),
        new(
            "redis", "HOST:PORT", "Share the swarms with other trackers through this Redis server; options such as password=... follow after commas.",
            "HOST:PORT is needed, or what StackExchange.Redis takes",
            static (setup, text) => text.Length > 0 ? setup with { Redis = (setup.Redis ?? NoRedis) with { Configuration = text } } : null) { IsSecret = true },
        new(
            "redis-prefix", "NAME", "What the names of this group of trackers begin with in Redis. [default: ourtorrent]", "a name is needed",
            static (setup, text) => text.Length > 0 ? setup with { Redis = (setup.Redis ?? NoRedis) with { Prefix = text } } : null),
        Whole(
            "max-torrents", "How many torrents there may be. [default: 10000000]", 1, int.MaxValue,
            static (options, value) => options with { Swarms = options.Swarms with { MaxTorrents = value } }),
        Whole(
            "max-peers", "How many peers a torrent may have. [default: 10000000]", 1, int.MaxValue,
            static (options, value) => options with { Swarms = options.Swarms with { MaxPeersPerTorrent = value } }),
        Time(
            "peer-lifetime", "How long a peer is remembered that says nothing; at least one and a half intervals. [default: 45m, or as long as that takes]",
            TimeSpan.FromSeconds(1), TimeSpan.FromDays(1),
            static (options, value) => options with { Swarms = options.Swarms with { PeerLifetime = value } }),
    ];

    private static IEnumerable<TrackerSetting> Answering() =>
    [
        Time(
            "interval", "How often clients shall announce. [default: 30m]", TimeSpan.FromSeconds(5), LongestInterval,
            static (options, value) => options with { AnnounceInterval = value }),
        Time(
            "max-interval", "How long they are told to wait under load. [default: 1h]", TimeSpan.FromSeconds(5), LongestInterval,
            static (options, value) => options with { MaxAnnounceInterval = value }),
        Whole(
            "target-rate", "How many requests a second are no reason to have clients announce less often. [default: 50000]", 1, int.MaxValue,
            static (options, value) => options with { TargetRequestRate = value }),
        Whole(
            "numwant", "How many peers a client is given that does not say how many it wants. [default: 50]", 0, MostPeers,
            static (options, value) => options with { DefaultNumWant = value }),
        Whole("max-numwant", "How many peers a client is given at most. [default: 200]", 0, MostPeers, static (options, value) => options with { MaxNumWant = value }),
        Switch(
            "full-scrape", "Answer a scrape over HTTP that names no torrent with all of them.",
            static options => options with { Http = options.Http with { FullScrape = true } }),
        Switch(
            "both-families", "Give clients that ask over HTTP peers of both address families.",
            static options => options with { Http = options.Http with { BothFamilies = true } }),
        new(
            "announced-ip", "WHEN", "Believe the address a client puts into an HTTP announce: never, private (from private networks) or always. [default: private]",
            "never, private or always is needed",
            static (setup, text) => text switch
            {
                "never" => Believe(setup, AnnouncedAddresses.Never),
                "private" => Believe(setup, AnnouncedAddresses.FromPrivateNetworks),
                "always" => Believe(setup, AnnouncedAddresses.Always),
                _ => null,
            }),
    ];

    private static IEnumerable<TrackerSetting> Serving() =>
    [
        File(
            "allow-list", "Serve only torrents listed in this file, an info-hash a line, or allowed in the database. May be given again.",
            static (options, path) => With(options, access => access with { AllowListFiles = [.. access.AllowListFiles, path] }), isList: true),
        File(
            "deny-list", "Do not serve torrents listed in this file. May be given again.",
            static (options, path) => With(options, access => access with { DenyListFiles = [.. access.DenyListFiles, path] }), isList: true),
        Switch("allowed-only", "Serve only torrents allowed in the database or in a file.", static options => With(options, static access => access with { AllowedOnly = true })),
        Switch("private", "Serve only who has a passkey of the database.", static options => With(options, static access => access with { Private = true })),
        new(
            "block-client", "PREFIX", "Do not serve clients whose peer id begins so, such as -XL. May be given again.",
            "the beginning of a peer id is needed, with %00 for bytes that are not text",
            static (setup, text) => AccessOptions.IsPeerIdPrefix(text)
                ? setup with { Options = With(setup.Options, access => access with { BlockedClients = [.. access.BlockedClients, text] }) }
                : null) { IsList = true },
        Networks(
            "block-network", "Answer nothing to this network. May be given again.",
            static (options, network) => With(options, access => access with { BlockedNetworks = [.. access.BlockedNetworks, network] })),
        File(
            "block-list", "Answer nothing to the networks listed in this file, one a line. May be given again.",
            static (options, path) => With(options, access => access with { BlockListFiles = [.. access.BlockListFiles, path] }), isList: true),
    ];

    private static IEnumerable<TrackerSetting> Limiting() =>
    [
        Limit(
            "rate-limit", "How many requests an address (IPv6: /64) may make a minute; 0 is without limit. [default: 0]",
            static (access, value) => access with { RequestsPerMinute = value }),
        Limit(
            "network-rate-limit", "The same for a /24 (IPv6: /48) together. [default: 0]",
            static (access, value) => access with { NetworkRequestsPerMinute = value }),
        Limit(
            "new-peers-limit", "How many new peers an address may bring in an hour before it is refused as a spammer. [default: 20000]",
            static (access, value) => access with { NewPeersPerHour = value }),
        Limit(
            "new-ports-limit", "How many new ports it may bring to one torrent in an hour. [default: 500]",
            static (access, value) => access with { NewPortsPerTorrentPerHour = value }),
        Limit(
            "ignore-after", "How many refusals in an hour until an address is not answered any more. [default: 5000]",
            static (access, value) => access with { RefusalsBeforeIgnored = value }),
        Time(
            "ignore-time", "For how long. [default: 1h]", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7),
            static (options, value) => With(options, access => access with { IgnoreTime = value })),
        new(
            "exempt-network", "NETWORK", "Free this network of these limits, as this machine itself is; none frees nobody. May be given again.",
            NetworkForm,
            static (setup, text) => text == "none"
                ? setup with { Options = With(setup.Options, static access => access with { ExemptNetworks = [] }) }
                : ParseNetwork(text) is { } network
                    ? setup with { Options = With(setup.Options, access => access with { ExemptNetworks = [.. access.ExemptNetworks, network] }) }
                    : null) { IsList = true },
        Switch("log-addresses", "Show addresses of clients in the log and in the statistics.", static options => options with { LogAddresses = true }),
    ];

    private static RedisOptions NoRedis { get; } = new() { Configuration = "" };

    private static TrackerOptions With(TrackerOptions options, Func<AccessOptions, AccessOptions> change) => options with { Access = change(options.Access) };

    private static TrackerSetup Believe(TrackerSetup setup, AnnouncedAddresses when) =>
        setup with { Options = setup.Options with { Http = setup.Options.Http with { AnnouncedAddresses = when } } };

    private static IPNetwork? ParseNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network))
            return network;
        bool isWhole = text.Contains(':') || text.Count('.') == 3;
        return isWhole && IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    private static TrackerSetting EndPoints(string name, string description, Func<TrackerOptions, IReadOnlyList<IPEndPoint>, TrackerOptions> apply) => new(
        name, "HOST:PORT", description, ListenAddress.Form,
        (setup, text) => ListenAddress.Parse(text) is { Count: > 0 } added ? setup with { Options = apply(setup.Options, added) } : null) { IsList = true };

    private static TrackerSetting Networks(string name, string description, Func<TrackerOptions, IPNetwork, TrackerOptions> apply) => new(
        name, "NETWORK", description, NetworkForm,
        (setup, text) => ParseNetwork(text) is { } network ? setup with { Options = apply(setup.Options, network) } : null) { IsList = true };

    private static TrackerSetting File(string name, string description, Func<TrackerOptions, string, TrackerOptions> apply, bool isList = false) => new(
        name, "FILE", description, "the path of a file is needed",
        (setup, text) => text.Length > 0 ? setup with { Options = apply(setup.Options, text) } : null) { IsPath = true, IsList = isList };

    private static TrackerSetting Secret(
        string name, string valueName, string description, string expected, Func<TrackerOptions, string, TrackerOptions?> apply) => new(
        name, valueName, description, expected,
        (setup, text) => apply(setup.Options, text) is { } options ? setup with { Options = options } : null) { IsSecret = true };

    private static TrackerSetting Switch(string name, string description, Func<TrackerOptions, TrackerOptions> apply) => new(
        name, null, description, "true or false is needed",
        (setup, text) => text switch
        {
            "true" => setup with { Options = apply(setup.Options) },
            "false" => setup,
            _ => null,
        });

    private static TrackerSetting Limit(string name, string description, Func<AccessOptions, int, AccessOptions> apply) =>
        Whole(name, description, 0, MostLimit, (options, value) => With(options, access => apply(access, value)));

    private static TrackerSetting Whole(string name, string description, int least, int most, Func<TrackerOptions, int, TrackerOptions> apply)
    {
        OptionParsing.Reader<int> read = OptionParsing.Whole(least, most);
        string expected = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most} is needed");
        return new(
            name, "N", description, expected,
            (setup, text) => read(text, out int value) ? setup with { Options = apply(setup.Options, value) } : null);
    }

    private static TrackerSetting Time(
        string name, string description, TimeSpan least, TimeSpan most, Func<TrackerOptions, TimeSpan, TrackerOptions> apply) => new(
        name, "TIME", description, $"a time from {Duration.FormatPast(least)} to {Duration.Format(most)}, such as 90s or 30m, is needed",
        (setup, text) => Duration.TryParse(text, out TimeSpan value) && value >= least && value <= most
            ? setup with { Options = apply(setup.Options, value) }
            : null);
}
