namespace OurTorrent;

/// <summary>What is new of the torrents of a <see cref="Session"/> (<see cref="Session.GetUpdates"/>).</summary>
public sealed class SessionUpdates
{
    internal SessionUpdates(long look, IReadOnlyList<TorrentUpdate> torrents)
    {
        Look = look;
        Torrents = torrents;
    }

    /// <summary>The torrents that have been added or may have changed since the look before. One that was removed is not among them.</summary>
    public IReadOnlyList<TorrentUpdate> Torrents { get; }

    /// <summary>The engine's count of looks.</summary>
    internal long Look { get; }
}
