namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Shakes hands and then says nothing.</summary>
internal sealed class SaysNothing : Misbehavior
{
    public override void Opened(RawConnection connection)
    {
        // Nothing is what it says.
    }
}
