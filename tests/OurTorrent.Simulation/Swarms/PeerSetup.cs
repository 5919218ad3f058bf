using OurTorrent.Simulation.Network;
using OurTorrent.Storage;

namespace OurTorrent.Simulation.Swarms;

/// <summary>What a peer of a <see cref="SwarmWorld"/> is like.</summary>
internal sealed record PeerSetup
{
    /// <summary>How it is connected.</summary>
    public HostOptions Link { get; init; } = new();

    /// <summary>Whether it has the content from the start.</summary>
    public bool IsSeeder { get; init; }

    /// <summary>How its session behaves; addresses, ids and log are the world's.</summary>
    public SessionOptions Session { get; init; } = new();

    /// <summary>How its torrent behaves; the storage is the world's.</summary>
    public TorrentOptions Torrent { get; init; } = new();

    /// <summary>How long a job of its disk takes.</summary>
    public TimeSpan DiskJob { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Puts something between the engine and its storage.</summary>
    public Func<IStorage, IStorage>? Storage { get; init; }
}
