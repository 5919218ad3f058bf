using System.Net;
using OurTorrent.Cli.Transfer;
using OurTorrent.Creation;

namespace OurTorrent.Cli.Sharing;

/// <summary>What is to be shared, and how.</summary>
internal sealed record ShareSettings
{
    /// <summary>The port the tracker listens on where it is not said: the usual one.</summary>
    public const int UsualTrackerPort = 6969;

    /// <summary>The file or folder as it was typed.</summary>
    public required string Given { get; init; }

    /// <summary>The file or folder, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>What the torrent says; its trackers are asked beside our own.</summary>
    public required TorrentCreateOptions Torrent { get; init; }

    /// <summary>How to seed.</summary>
    public required TransferSettings Transfer { get; init; }

    /// <summary>The .torrent file to write, or null for none.</summary>
    public string? TorrentFile { get; init; }

    /// <summary>The port of the tracker, and no other; 0 takes any, null the usual one or the next that is free.</summary>
    public int? TrackerPort { get; init; }

    /// <summary>Names or addresses under which friends reach this machine, before those it knows itself.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>How long to share, or null to go on until stopped.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>After how many complete copies to stop, or null to go on.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Whether to draw a QR code of the address.</summary>
    public bool Qr { get; init; }

    /// <summary>Where the tracker listens: at the address peers connect to, or at all of them.</summary>
    public IPAddress ListenAddress => Transfer.Bind ?? (System.Net.Sockets.Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
}
