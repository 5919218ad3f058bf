namespace OurTorrent.Simulation.Network;

/// <summary>A socket of a <see cref="HostNetwork"/>.</summary>
internal interface IVirtualSocket
{
    /// <summary>Whether the network has it on its list of sockets with something to tell.</summary>
    bool IsAttended { get; set; }

    /// <summary>Whether there is something to tell its handler.</summary>
    bool IsReady { get; }

    /// <summary>Tells it.</summary>
    void Dispatch();

    /// <summary>Closes the socket.</summary>
    void Close();
}
