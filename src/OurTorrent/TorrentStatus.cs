using OurTorrent.Protocol.Peers;

namespace OurTorrent;

/// <summary>What is known of a torrent at one moment. Rates are bytes of content a second, smoothed over some seconds.</summary>
public sealed record TorrentStatus
{
    /// <summary>What it is doing.</summary>
    public required TorrentState State { get; init; }

    /// <summary>How much of the content on disk has been looked at, from 0 to 1; 1 once it has.</summary>
    public double CheckProgress { get; init; }

    /// <summary>The size of what is wanted, in bytes, padding left out.</summary>
    public long BytesWanted { get; init; }

    /// <summary>How much of that is there and verified.</summary>
    public long BytesCompleted { get; init; }

    /// <summary>How much of what is wanted was there and verified when the content was last looked at, before anything was received.</summary>
    public long BytesFound { get; init; }

    /// <summary>
    /// How much was read and hashed when the content was last looked at: nothing of what is as an earlier session has left it.
    /// </summary>
    public long BytesHashed { get; init; }

    /// <summary>Content received from peers, in bytes, since the torrent was added first.</summary>
    public long BytesDownloaded { get; init; }

    /// <summary>Content sent to peers, in bytes, since the torrent was added first.</summary>
    public long BytesUploaded { get; init; }

    /// <summary>
    /// Content received that was of no use in this session: it did not verify, could not be written, was there already, or belonged
    /// to pieces that were not whole when the torrent stopped.
    /// </summary>
    public long BytesWasted { get; init; }

    /// <summary>Content received a second.</summary>
    public long DownloadRate { get; init; }

    /// <summary>Content sent a second.</summary>
    public long UploadRate { get; init; }

    /// <summary>Peers that are connected and have shaken hands.</summary>
    public int PeersConnected { get; init; }

    /// <summary>Those of them that have everything.</summary>
    public int SeedsConnected { get; init; }

    /// <summary>Peers that are known of, connected or not.</summary>
    public int PeersKnown { get; init; }

    /// <summary>The pieces that are there and verified.</summary>
    public required Bitfield Pieces { get; init; }

    /// <summary>How many whole copies the connected peers hold together, not counting ours.</summary>
    public double Availability { get; init; }

    /// <summary>How long the torrent has been active in this session.</summary>
    public TimeSpan ActiveTime { get; init; }

    /// <summary>How long it has been seeding in this session.</summary>
    public TimeSpan SeedingTime { get; init; }

    /// <summary>Why it has failed, when <see cref="State"/> says so.</summary>
    public TorrentException? Error { get; init; }

    /// <summary>
    /// What its user should know although it goes on: that the disk has too little room, or that what is known of the content cannot be
    /// kept for the next session. Each a sentence or two.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How much of what is wanted is there, from 0 to 1.</summary>
    public double Progress => BytesWanted == 0 ? 1 : (double)BytesCompleted / BytesWanted;

    /// <summary>Whether all that is wanted is there and verified.</summary>
    public bool IsComplete => BytesCompleted == BytesWanted && State is (TorrentState.Seeding or TorrentState.Stopped);

    /// <summary>Sent bytes for each byte of what is there; 0 when nothing is.</summary>
    public double Ratio => BytesCompleted == 0 ? 0 : (double)BytesUploaded / BytesCompleted;

    /// <summary>When the rest will have arrived at the present rate, or null when nothing arrives.</summary>
    public TimeSpan? TimeLeft =>
        State != TorrentState.Downloading || DownloadRate <= 0
            ? null
            : TimeSpan.FromSeconds(Math.Min((double)(BytesWanted - BytesCompleted) / DownloadRate, TimeSpan.FromDays(365).TotalSeconds));
}
