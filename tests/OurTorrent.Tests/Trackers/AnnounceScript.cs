using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

/// <summary>Drives a schedule through virtual time, answering for the trackers, and writes down who was asked when.</summary>
internal sealed class AnnounceScript
{
    public AnnounceScript(AnnouncerOptions options, params string[][] tiers)
    {
        Schedule = new AnnounceSchedule(tiers, new Random(1), options);
        foreach (string url in tiers.SelectMany(tier => tier))
            Answers[url] = () => Answer();
    }

    public AnnounceSchedule Schedule { get; }

    /// <summary>What each tracker says: an answer or a failure; null lets it hang.</summary>
    public Dictionary<string, Func<object?>> Answers { get; } = [];

    public List<(double At, string Url, AnnounceEvent Event)> Log { get; } = [];

    public TimeSpan Now { get; private set; }

    public bool Incomplete { get; set; } = true;

    public static AnnounceResponse Answer(double interval = 1800, double? least = null) => new()
    {
        Interval = TimeSpan.FromSeconds(interval),
        MinInterval = least is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    public static TrackerFailure Failure(TimeSpan? retryIn = null) => new(TrackerFailureReason.TimedOut, "timed out", retryIn);

    public AnnounceScript Start(bool complete = false)
    {
        Incomplete = !complete;
        Schedule.Start(Now, complete);
        Ask();
        return this;
    }

    public void RunUntil(double seconds)
    {
        TimeSpan end = TimeSpan.FromSeconds(seconds);
        Ask();
        while (Schedule.NextWake is { } wake && wake <= end)
        {
            Now = wake > Now ? wake : Now;
            Ask();
        }

        Now = end;
    }

    public TrackerEntry Entry(string url) => Schedule.Tiers.All.Single(e => e.Url == url);

    public IEnumerable<string> Asked() => Log.Select(l => l.Url);

    public void Ask()
    {
        while (Schedule.TryNext(Now, Incomplete, partialSeed: false) is { } entry)
        {
            Log.Add((Now.TotalSeconds, entry.Url, entry.Asking!.Value));
            switch (Answers[entry.Url]())
            {
                case AnnounceResponse response:
                    Schedule.OnAnswered(entry, response, Now);
                    break;
                case TrackerFailure failure:
                    Schedule.OnFailed(entry, failure, Now);
                    break;
            }
        }
    }
}
