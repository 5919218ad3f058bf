using System.Net;
using OurTorrent.Protocol;

namespace OurTorrent;

/// <summary>What is known of a connected peer at one moment.</summary>
public sealed record PeerStatus
{
    /// <summary>Its address and port, as the connection shows them.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>The client it says it is, or what its peer id tells (BEP 10, BEP 20).</summary>
    public required string Client { get; init; }

    /// <summary>The id it names itself by (BEP 20).</summary>
    public PeerId PeerId { get; init; }

    /// <summary>Whether it connected to us.</summary>
    public bool IsIncoming { get; init; }

    /// <summary>How its address became known.</summary>
    public PeerSource Source { get; init; }

    /// <summary>How much of the content it has, from 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Content received from it a second, in bytes.</summary>
    public long DownloadRate { get; init; }

    /// <summary>Content sent to it a second, in bytes.</summary>
    public long UploadRate { get; init; }

    /// <summary>Content received from it, in bytes.</summary>
    public long BytesDownloaded { get; init; }

    /// <summary>Content sent to it, in bytes.</summary>
    public long BytesUploaded { get; init; }

    /// <summary>Whether we want something it has.</summary>
    public bool AmInterested { get; init; }

    /// <summary>Whether it may ask us for blocks.</summary>
    public bool AmUnchoking { get; init; }

    /// <summary>Whether it wants something we have.</summary>
    public bool IsInterested { get; init; }

    /// <summary>Whether we may ask it for blocks.</summary>
    public bool IsUnchoking { get; init; }

    /// <summary>Whether it has been asked for blocks and has sent nothing for long.</summary>
    public bool IsSnubbed { get; init; }

    /// <summary>How many blocks are asked of it.</summary>
    public int RequestsPending { get; init; }
}
