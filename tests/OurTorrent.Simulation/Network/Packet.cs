namespace OurTorrent.Simulation.Network;

/// <summary>What travels from one host to another in one go. As an event of the clock it takes its next step: to the other end's downlink, then through it.</summary>
internal abstract class Packet : IVirtualEvent
{
    /// <summary>The most bytes of one that long packets let pass: what a segment on a real line has, which none waits longer for.</summary>
    public const int MaxShort = 1500;

    private bool _isOnTheWay;

    /// <summary>How many bytes it has on the wire.</summary>
    public abstract int Length { get; }

    /// <summary>Whether it passes between others rather than behind them.</summary>
    public virtual bool IsShort => Length <= MaxShort;

    /// <summary>Whether it is lost rather than kept waiting long.</summary>
    public virtual bool MayDrop => false;

    /// <summary>Where it goes.</summary>
    public abstract VirtualHost To { get; }

    /// <summary>Sends it on its way: its last byte leaves the uplink at a time.</summary>
    public abstract void Depart(TimeSpan time);

    /// <summary>Is done once all of it is there.</summary>
    public abstract void Deliver();

    /// <summary>When it may be delivered at the earliest, for what was sent before it; set to when it is.</summary>
    public abstract TimeSpan DeliveredAt { get; set; }

    /// <inheritdoc/>
    public void Happen()
    {
        if (_isOnTheWay)
        {
            _isOnTheWay = false;
            To.Downlink.Enter(this);
        }
        else
        {
            Deliver();
        }
    }

    /// <summary>It is at the other end's downlink next.</summary>
    protected void SetOut() => _isOnTheWay = true;
}
