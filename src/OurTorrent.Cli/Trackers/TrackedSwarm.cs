using OurTorrent.Cli.Terminal;
using OurTorrent.Cli.Torrents;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Magnets;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Trackers;

/// <summary>A swarm and the trackers to ask about it.</summary>
/// <param name="InfoHash">Which swarm.</param>
/// <param name="Size">The size of its content in bytes, or 1 where that is not known.</param>
/// <param name="Trackers">The announce URLs.</param>
internal sealed record TrackedSwarm(InfoHash InfoHash, long Size, IReadOnlyList<string> Trackers)
{
    /// <summary>Finds out about a torrent or magnet link.</summary>
    /// <param name="run">The environment.</param>
    /// <param name="argument">The torrent or magnet link.</param>
    /// <param name="trackers">The trackers to ask in place of its own; none asks its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">It cannot be read, or there is no tracker to ask.</exception>
    public static async Task<TrackedSwarm> ReadAsync(
        CommandRun run, string argument, IReadOnlyList<string> trackers, CancellationToken cancellationToken)
    {
        TrackedSwarm swarm;
        if (TorrentSource.IsMagnet(argument))
        {
            MagnetLink link = TorrentSource.ReadMagnet(argument);
            swarm = new TrackedSwarm(link.InfoHashes.Wire, Math.Max(1, link.Length ?? 1), link.Trackers);
        }
        else
        {
            TorrentMetainfo torrent = await new TorrentSource(run).ReadAsync(argument, cancellationToken);
            swarm = new TrackedSwarm(torrent.InfoHashes.Wire, Math.Max(1, torrent.TotalSize), [.. torrent.Trackers.SelectMany(static tier => tier)]);
        }

        if (trackers.Count > 0)
            return swarm with { Trackers = trackers };

        return swarm.Trackers.Count > 0
            ? swarm
            : throw new CommandException(ExitCode.Failed, $"{argument} names no tracker; give one with --tracker URL.");
    }
}
