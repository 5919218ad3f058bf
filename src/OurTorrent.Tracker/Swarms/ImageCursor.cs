namespace OurTorrent.Tracker.Swarms;

/// <summary>How far a walk over the images of all swarms has come; begins as the default value.</summary>
internal struct ImageCursor
{
    public int Shard;
    public int Id;
}
