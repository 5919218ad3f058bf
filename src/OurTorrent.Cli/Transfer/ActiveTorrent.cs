using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>A torrent at work, and what the command has noticed of it so far.</summary>
internal sealed class ActiveTorrent
{
    /// <summary>Begins to follow a torrent.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="started">When it was added, by the clock's time stamps.</param>
    public ActiveTorrent(Torrent torrent, long started)
    {
        Torrent = torrent;
        Started = started;
        Status = torrent.Status;
    }

    /// <summary>The torrent.</summary>
    public Torrent Torrent { get; }

    /// <summary>Its name.</summary>
    public string Name => Torrent.Metainfo.Name;

    /// <summary>When it was added, by the clock's time stamps.</summary>
    public long Started { get; }

    /// <summary>Its latest status.</summary>
    public TorrentStatus Status { get; private set; }

    /// <summary>Its peers at that time.</summary>
    public IReadOnlyList<PeerStatus> Peers { get; private set; } = [];

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

    /// <summary>Asks for its status.</summary>
    /// <returns>Whether this is the first status after its content was looked at.</returns>
    public bool Refresh()
    {
        Status = Torrent.Status;
        Peers = Torrent.Peers;
        if (IsChecked || Status.State == TorrentState.Checking || !Torrent.Checked.IsCompletedSuccessfully)
            return false;

        IsChecked = true;
        return true;
    }

    /// <summary>
    /// The events worth waking for: the content has been looked at, the content is complete, it has failed. One that has happened
    /// since the latest status was taken is among them, and wakes at once.
    /// </summary>
    public IEnumerable<Task> Changes
    {
        get
        {
            if (IsActive && !IsChecked)
                yield return Torrent.Checked;
            else if (IsActive && !IsComplete)
                yield return Torrent.Completion;
        }
    }
}
