namespace OurTorrent.Simulation.Network;

/// <summary>What becomes of connections others make to a host.</summary>
internal enum IncomingConnections
{
    /// <summary>Its listeners get them.</summary>
    Accept,

    /// <summary>They are refused, as by a closed port.</summary>
    Refuse,

    /// <summary>They are not answered, as behind a router without port mapping.</summary>
    Drop,
}
