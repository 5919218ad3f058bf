namespace OurTorrent.Simulation;

/// <summary>What happens at a time. One object may stand for event after event, so that a packet costs no memory.</summary>
internal interface IVirtualEvent
{
    /// <summary>The time has come.</summary>
    void Happen();
}
