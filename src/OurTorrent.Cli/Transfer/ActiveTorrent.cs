using System.Diagnostics.CodeAnalysis;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>A torrent at work, and what the command has noticed of it so far.</summary>
internal sealed class ActiveTorrent
{
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private IReadOnlyList<PeerStatus>? _peers;
    private long _refreshed;

    /// <summary>Begins to follow a torrent.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="time">The clock.</param>
    public ActiveTorrent(Torrent torrent, TimeProvider time)
    {
        _time = time;
        Torrent = torrent;
        Started = time.GetTimestamp();
        Take(torrent.Status);
    }

    /// <summary>The torrent.</summary>
    public Torrent Torrent { get; }

    /// <summary>Its name.</summary>
    public string Name => Torrent.Metainfo.Name;

    /// <summary>When it was added, by the clock's time stamps.</summary>
    public long Started { get; }

    /// <summary>Its latest status.</summary>
    public TorrentStatus Status { get; private set; }

    /// <summary>Its peers, as of the first time they are asked for after the status was taken.</summary>
    public IReadOnlyList<PeerStatus> Peers => _peers ??= Status.PeersConnected == 0 ? [] : Torrent.Peers;

    /// <summary>How long it has been seeding, to this moment: nothing is heard of a torrent that seeds and is not asked for anything.</summary>
    public TimeSpan SeedingTime =>
        Status.SeedingTime + (Status.State == TorrentState.Seeding ? _time.GetElapsedTime(_refreshed) : TimeSpan.Zero);

    /// <summary>Whether its content has been looked at.</summary>
    public bool IsChecked { get; private set; }

    /// <summary>How much of the wanted content came from peers rather than was there from the beginning, in bytes.</summary>
    public long BytesFetched => Math.Max(0, Status.BytesCompleted - Status.BytesFound);

    /// <summary>Whether it has been reported as complete.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Why it goes on no longer, or null.</summary>
    public CommandException? Problem { get; set; }

    /// <summary>Whether nothing more is to be done for it.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Whether it neither failed nor finished.</summary>
    public bool IsActive => Problem is null && !IsFinished;

    /// <summary>The warnings that have come since they were last asked for.</summary>
    public string[] TakeNewWarnings() => Status.Warnings.Count == 0 ? [] : [.. Status.Warnings.Where(_warned.Add)];

    /// <summary>Takes a new status.</summary>
    /// <param name="status">The status.</param>
    /// <returns>Whether this is the first one after its content was looked at.</returns>
    public bool Refresh(TorrentStatus status)
    {
        Take(status);
        if (IsChecked || status.State == TorrentState.Checking || !Torrent.Checked.IsCompletedSuccessfully)
            return false;

        IsChecked = true;
        return true;
    }

    [MemberNotNull(nameof(Status))]
    private void Take(TorrentStatus status)
    {
        Status = status;
        _refreshed = _time.GetTimestamp();
        _peers = null;
    }
}
