using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>One tracker of one torrent: what it has heard and said, and when it is due.</summary>
internal sealed class TrackerEntry
{
    public TrackerEntry(string url, int tier, uint key)
    {
        Url = url;
        Tier = tier;
        Key = key;
        if (!TrackerUrl.TryParse(url, out _, out TrackerFailure? failure))
        {
            IsUsable = false;
            State = TrackerState.Failed;
            Error = failure.Message;
        }
    }

    public string Url { get; }

    public int Tier { get; }

    /// <summary>The number by which this tracker knows this torrent's client again (BEP 7).</summary>
    public uint Key { get; }

    /// <summary>Whether it can be asked at all: false for schemes nobody here speaks.</summary>
    public bool IsUsable { get; } = true;

    public TrackerState State { get; set; }

    public string? Error { get; set; }

    /// <summary>The last good answer.</summary>
    public AnnounceResponse? Response { get; set; }

    /// <summary>When the last good answer came.</summary>
    public TimeSpan? AnsweredAt { get; set; }

    /// <summary>When the interval of the last good answer is over; null while there is none.</summary>
    public TimeSpan? Due { get; set; }

    /// <summary>Before this it is not asked, because it failed; <see cref="TimeSpan.MaxValue"/> when it asked never to be.</summary>
    public TimeSpan NotBefore { get; set; }

    public int Failures { get; set; }

    /// <summary>How many announces in a row came before their interval was over.</summary>
    public int EarlyAnnounces { get; set; }

    public ReadOnlyMemory<byte> TrackerId { get; set; }

    /// <summary>Whether an announce is under way, and with which event.</summary>
    public AnnounceEvent? Asking { get; set; }

    /// <summary>Whether the announce under way says that content is missing.</summary>
    public bool AskingIncomplete { get; set; }

    public bool HeardStarted { get; set; }

    /// <summary>Whether it has known this client as one that has not the whole content.</summary>
    public bool HeardIncomplete { get; set; }

    public bool HeardCompleted { get; set; }

    /// <summary>Whether the completion, once it comes, is news to it.</summary>
    public bool AwaitsCompletion => HeardIncomplete && !HeardCompleted;

    /// <summary>Forgets what was said in an earlier run.</summary>
    public void Reset()
    {
        Asking = null;
        HeardStarted = false;
        HeardIncomplete = false;
        HeardCompleted = false;
        Due = null;
        NotBefore = TimeSpan.Zero;
        Failures = 0;
        EarlyAnnounces = 0;
        if (IsUsable)
        {
            State = TrackerState.NotAttempted;
            Error = null;
        }
    }
}
