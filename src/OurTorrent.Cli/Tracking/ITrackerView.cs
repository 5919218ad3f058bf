using OurTorrent.Tracker;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Cli.Tracking;

/// <summary>Tells the operator how a tracker is doing.</summary>
internal interface ITrackerView
{
    /// <summary>How often it wants to be told, unless the operator says how often.</summary>
    TimeSpan Interval { get; }

    /// <summary>The tracker listens.</summary>
    /// <param name="server">The tracker.</param>
    void Start(TrackerServer server);

    /// <summary>Does the work, in whatever the view needs around it.</summary>
    /// <param name="work">The work.</param>
    Task RunAsync(Func<Task> work);

    /// <summary>Shows how the tracker is doing.</summary>
    /// <param name="server">The tracker.</param>
    /// <param name="statistics">How it is doing.</param>
    void Update(TrackerServer server, TrackerSnapshot statistics);

    /// <summary>The tracker has stopped.</summary>
    /// <param name="statistics">How it did.</param>
    void End(TrackerSnapshot statistics);
}
