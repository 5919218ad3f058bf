namespace OurTorrent.Tracker.Requests;

/// <summary>How long clients are told to wait before they announce again.</summary>
internal sealed class AnnounceInterval(TimeSpan least)
{
    private int _seconds = (int)least.TotalSeconds;

    /// <summary>The interval of now, in seconds.</summary>
    public int Seconds => Volatile.Read(ref _seconds);
}
