namespace OurTorrent.Simulation.Network;

/// <summary>What waits to be sent over the uplink of a host.</summary>
internal interface IUplinkSource
{
    /// <summary>Whether it stands in the uplink's line.</summary>
    bool IsInLine { get; set; }

    /// <summary>Whether it has a packet that may go.</summary>
    bool HasPacket { get; }

    /// <summary>Whether that one is short.</summary>
    bool IsNextShort { get; }

    /// <summary>Takes it.</summary>
    Packet Take();
}
