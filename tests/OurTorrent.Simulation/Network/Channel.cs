namespace OurTorrent.Simulation.Network;

/// <summary>One direction of a connection between two hosts: packets arrive in the order they left, and wait while the hosts are cut off.</summary>
internal sealed class Channel(VirtualHost from, VirtualHost to)
{
    public VirtualHost From { get; } = from;

    public VirtualHost To { get; } = to;

    /// <summary>When the last packet that has left arrives.</summary>
    public TimeSpan LastArrival { get; set; }

    /// <summary>Packets that could not go.</summary>
    public Queue<(int Length, Action Deliver)> Held { get; } = new();
}
