namespace OurTorrent.Tracker.Swarms;

/// <summary>What an announce has done to its peer.</summary>
/// <param name="slot">Where the peer is now, if anywhere.</param>
/// <param name="change">What has changed.</param>
/// <param name="status">Whether it was taken note of.</param>
/// <param name="isRecorded">Whether anything is different from before.</param>
internal readonly ref struct PeerUpdate(PeerSlot slot, PeerChange change, AnnounceStatus status, bool isRecorded)
{
    public readonly PeerSlot Slot = slot;
    public readonly PeerChange Change = change;
    public readonly AnnounceStatus Status = status;
    public readonly bool IsRecorded = isRecorded;
}
