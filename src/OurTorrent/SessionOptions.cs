using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OurTorrent.Protocol;

namespace OurTorrent;

/// <summary>How a <see cref="Session"/> behaves. Every value has a default that suits a person at home.</summary>
public sealed record SessionOptions
{
    /// <summary>The TCP port peers connect to: 0 takes any free one. 6881 if not said.</summary>
    public int Port { get; init; } = 6881;

    /// <summary>Whether a taken <see cref="Port"/> is an error; otherwise one of the next ten is tried, then any.</summary>
    public bool PortIsExact { get; init; }

    /// <summary>The local address to listen on and to connect from; null means all of them, IPv4 and IPv6.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>The most peer connections at once, over all torrents.</summary>
    public int MaxPeers { get; init; } = 200;

    /// <summary>The most outgoing connections that are being made at once, over all torrents.</summary>
    public int MaxHalfOpen { get; init; } = 50;

    /// <summary>The most bytes of content to receive a second, over all torrents; 0 sets no limit.</summary>
    public long DownloadLimit { get; init; }

    /// <summary>The most bytes of content to send a second, over all torrents; 0 sets no limit.</summary>
    public long UploadLimit { get; init; }

    /// <summary>
    /// The memory for blocks on their way between sockets and disk, in bytes. When a slow disk fills it, sockets are not read
    /// until there is room. 20 MiB if not said.
    /// </summary>
    public long BufferLimit { get; init; } = 20 * 1024 * 1024;

    /// <summary>The most files open at once.</summary>
    public int MaxOpenFiles { get; init; } = 128;

    /// <summary>
    /// The folder of the resume files, by which a later session knows what was verified; null takes the platform's own
    /// place for state (<c>~/.local/state/ourtorrent</c> on Linux).
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>Whether several peers with one IP address may be connected to one torrent, as in tests on one machine.</summary>
    public bool AllowSeveralPeersPerAddress { get; init; } = true;

    /// <summary>The name and version told to peers and trackers.</summary>
    public string ClientName { get; init; } = "OurTorrent/0.1.0";

    /// <summary>The id told to peers and trackers; null makes a random one.</summary>
    public PeerId? PeerId { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names the property.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPeers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHalfOpen, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(DownloadLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(UploadLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferLimit, 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOpenFiles, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(ClientName);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(LoggerFactory);
    }
}
