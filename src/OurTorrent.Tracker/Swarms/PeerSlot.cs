namespace OurTorrent.Tracker.Swarms;

/// <summary>Where a peer is.</summary>
/// <param name="page">Its page, or null.</param>
/// <param name="pageNumber">The number of the page in its table.</param>
/// <param name="index">Its place in the page.</param>
internal readonly unsafe struct PeerSlot(PeerPage* page, int pageNumber, int index)
{
    public readonly PeerPage* Page = page;
    public readonly int PageNumber = pageNumber;
    public readonly int Index = index;

    public bool IsFound => Page != null;
}
