namespace OurTorrent.Simulation.Network;

/// <summary>One direction of a connection between two hosts: packets arrive in the order they left, and wait while the hosts are cut off.</summary>
internal sealed class Channel(VirtualHost from, VirtualHost to)
{
    public VirtualHost From { get; } = from;

    public VirtualHost To { get; } = to;

    /// <summary>Whether what is sent arrives nowhere, and nobody is told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>When the last packet that has left arrives at the other end's downlink.</summary>
    public TimeSpan LastArrival { get; set; }

    /// <summary>When the last packet that has arrived is delivered.</summary>
    public TimeSpan LastDelivery { get; set; }

    /// <summary>Packets that could not go.</summary>
    public Queue<StreamPacket> Held { get; } = new();
}
