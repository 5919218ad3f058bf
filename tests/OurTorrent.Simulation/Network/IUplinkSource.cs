namespace OurTorrent.Simulation.Network;

/// <summary>What waits to be sent over the uplink of a host.</summary>
internal interface IUplinkSource
{
    /// <summary>Whether it stands in the uplink's line.</summary>
    bool IsInLine { get; set; }

    /// <summary>Takes the next packet.</summary>
    /// <param name="length">How many bytes it has on the wire.</param>
    /// <param name="depart">What is done once the last of them has left.</param>
    /// <returns>False when there is none.</returns>
    bool TryTake(out int length, out Action depart);
}
