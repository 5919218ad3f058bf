namespace OurTorrent.Cli.Transfer;

/// <summary>How a download or seeding is told: as events in JSON, as plain lines, or drawn on a terminal.</summary>
internal interface ITransferView
{
    /// <summary>How often <see cref="Update"/> is wanted.</summary>
    TimeSpan Interval { get; }

    /// <summary>Peers can connect.</summary>
    /// <param name="session">The session.</param>
    /// <param name="torrents">Its torrents.</param>
    void Start(Session session, IReadOnlyList<ActiveTorrent> torrents);

    /// <summary>Runs the work between start and end, in which the other members are called.</summary>
    /// <param name="work">The work.</param>
    Task RunAsync(Func<Task> work);

    /// <summary>Time has passed.</summary>
    /// <param name="torrents">The torrents, with their latest status.</param>
    void Update(IReadOnlyList<ActiveTorrent> torrents);

    /// <summary>Something is wrong that does not keep a torrent from going on; it has been said on standard error.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="warning">What.</param>
    void ShowWarning(ActiveTorrent torrent, string warning)
    {
        // Enough said, unless a program listens.
    }

    /// <summary>The content of a torrent has been looked at.</summary>
    /// <param name="torrent">The torrent.</param>
    void ShowChecked(ActiveTorrent torrent);

    /// <summary>A torrent is complete.</summary>
    /// <param name="torrent">The torrent.</param>
    void ShowComplete(ActiveTorrent torrent);

    /// <summary>All is over.</summary>
    /// <param name="torrents">The torrents, with their last status.</param>
    /// <param name="outcome">How it ended.</param>
    void End(IReadOnlyList<ActiveTorrent> torrents, TransferOutcome outcome);
}
