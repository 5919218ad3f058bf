namespace OurTorrent;

/// <summary>Where the address of a peer was learnt; a peer may be known from several places.</summary>
[Flags]
public enum PeerSource
{
    /// <summary>From nowhere.</summary>
    None = 0,

    /// <summary>A tracker named it (BEP 3, BEP 15).</summary>
    Tracker = 1,

    /// <summary>The user, or the magnet link, named it.</summary>
    Given = 2,

    /// <summary>It connected to us.</summary>
    Incoming = 4,

    /// <summary>Another peer named it (BEP 11).</summary>
    PeerExchange = 8,

    /// <summary>A node of the DHT named it (BEP 5).</summary>
    Dht = 16,

    /// <summary>It announced itself on the local network (BEP 14).</summary>
    LocalDiscovery = 32,

    /// <summary>It was known when the torrent was last stopped.</summary>
    Resume = 64,
}
