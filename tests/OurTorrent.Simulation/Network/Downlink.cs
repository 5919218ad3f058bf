namespace OurTorrent.Simulation.Network;

/// <summary>The way into a host: packets queue up where they arrive faster than they fit through; short ones pass between.</summary>
internal sealed class Downlink(VirtualHost host, VirtualTime time)
{
    // What a router holds before it drops.
    private static readonly TimeSpan MaxDatagramDelay = TimeSpan.FromMilliseconds(500);

    private TimeSpan _free;
    private TimeSpan _freeOfShort;

    /// <summary>Lets a packet in; it is delivered once all of it is there.</summary>
    public void Enter(Packet packet)
    {
        TimeSpan now = time.Now;
        TimeSpan duration = Transmission.Duration(packet.Length, host.Options.DownloadRate);

        // A short one is there with its first byte: the little time of the others is that of the next.
        TimeSpan delivery = packet.IsShort ? Later(_freeOfShort, now) : Later(_free, now) + duration;
        if (packet.MayDrop && delivery - now > MaxDatagramDelay)
            return;

        _free = Later(_free, now) + duration;
        if (packet.IsShort)
            _freeOfShort = delivery + duration;

        // One before it that is due at this very moment may still have to be delivered: it is not overtaken.
        bool isBehind = packet.DeliveredAt >= now;
        packet.DeliveredAt = delivery = Later(delivery, packet.DeliveredAt);
        if (isBehind || delivery > now)
            time.At(delivery, packet);
        else
            packet.Deliver();
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
