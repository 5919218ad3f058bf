namespace OurTorrent.Protocol.Trackers;

/// <summary>The kinds of messages between a client and a UDP tracker (BEP 15).</summary>
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "It is the unsigned field of the wire.")]
public enum UdpAction : uint
{
    /// <summary>Asks for a connection id, or gives one.</summary>
    Connect = 0,

    /// <summary>Announces a peer, or answers with others.</summary>
    Announce = 1,

    /// <summary>Asks for the numbers of swarms, or gives them.</summary>
    Scrape = 2,

    /// <summary>The tracker refuses; never sent by clients.</summary>
    Error = 3,
}
