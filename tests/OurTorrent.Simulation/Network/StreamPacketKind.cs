namespace OurTorrent.Simulation.Network;

/// <summary>What a packet of a connection says.</summary>
internal enum StreamPacketKind
{
    /// <summary>Bytes.</summary>
    Data,

    /// <summary>There is room for bytes up to a limit.</summary>
    Room,

    /// <summary>No more bytes come.</summary>
    Fin,

    /// <summary>The connection is not known any more.</summary>
    Reset,
}
