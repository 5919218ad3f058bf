using System.Net;

namespace OurTorrent.Simulation.Network;

/// <summary>A datagram on its way; it may be lost, and may overtake others.</summary>
internal sealed class Datagram(VirtualHost from, VirtualHost? to, IPEndPoint source, IPEndPoint target, byte[] bytes) : Packet
{
    // What answers a question. Larger ones are content, and stand in line with it.
    private const int MaxQuestion = 512;

    public override int Length => to is null ? 0 : bytes.Length;

    public override bool IsShort => Length <= MaxQuestion;

    public override bool MayDrop => true;

    public override VirtualHost To => to ?? from;

    public override TimeSpan DeliveredAt { get; set; }

    public override void Depart(TimeSpan time)
    {
        if (to is null || !from.Network.IsCarried(from, to))
            return;
        if (from != to)
            SetOut();
        from.Network.Time.At(time + from.Network.Latency(from, to), this);
    }

    public override void Deliver()
    {
        from.Network.Trace.Add("datagram", source, target, bytes.Length);
        to!.FindDatagramSocket(target)?.OnArrived(bytes, source);
    }
}
