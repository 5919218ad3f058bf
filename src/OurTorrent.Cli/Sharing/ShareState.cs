using OurTorrent.Cli.Transfer;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Cli.Sharing;

/// <summary>How a share is doing.</summary>
/// <param name="Torrent">The torrent at work, with its latest status.</param>
/// <param name="Others">What the tracker counts, without ourselves.</param>
/// <param name="Copies">The copies that have become complete.</param>
/// <param name="StopAfter">After how many of them it ends, or null.</param>
/// <param name="TimeLeft">When it ends, or null.</param>
internal sealed record ShareState(ActiveTorrent Torrent, SwarmCounts Others, CompleteCopies Copies, int? StopAfter, TimeSpan? TimeLeft);
