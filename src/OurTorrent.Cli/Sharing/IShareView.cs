using OurTorrent.Cli.Transfer;

namespace OurTorrent.Cli.Sharing;

/// <summary>How a share is told: as events in JSON, as plain lines, or drawn on a terminal.</summary>
internal interface IShareView
{
    /// <summary>How often <see cref="Update"/> is wanted.</summary>
    TimeSpan Interval { get; }

    /// <summary>Peers can connect; the content is looked at once more.</summary>
    /// <param name="session">The session.</param>
    void Listen(Session session)
    {
        // What a person has to know comes next.
    }

    /// <summary>Friends can begin.</summary>
    /// <param name="settings">What is shared, and how.</param>
    /// <param name="links">What they are given.</param>
    void Start(ShareSettings settings, ShareLinks links);

    /// <summary>Runs the work between start and end, in which the other members are called.</summary>
    /// <param name="work">The work.</param>
    Task RunAsync(Func<Task> work);

    /// <summary>Time has passed.</summary>
    /// <param name="state">How it is doing.</param>
    void Update(ShareState state);

    /// <summary>Something is wrong that does not keep us from going on; it has been said on standard error.</summary>
    /// <param name="warning">What.</param>
    void ShowWarning(string warning)
    {
        // Enough said, unless a program listens.
    }

    /// <summary>A friend has all of it.</summary>
    /// <param name="copy">Who.</param>
    /// <param name="number">How many have it with this one.</param>
    /// <param name="stopAfter">How many shall have it, or null.</param>
    void ShowCopy(CompleteCopy copy, int number, int? stopAfter);

    /// <summary>All is over.</summary>
    /// <param name="state">How it was doing.</param>
    /// <param name="outcome">How it ended.</param>
    void End(ShareState state, TransferOutcome outcome);
}
