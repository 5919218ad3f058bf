namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Has everything, and gives it to nobody.</summary>
internal sealed class NeverUnchokes : Misbehavior
{
    public override void Interested(RawConnection connection)
    {
        // And so it stays choking.
    }
}
