namespace OurTorrent.Simulation.Network;

/// <summary>
/// The way out of a host: one long packet at a time, each connection in its turn. Short ones pass between, as they do between
/// the segments of a real line, and the time they take comes after the long one that is on its way out.
/// </summary>
internal sealed class Uplink(VirtualHost host, VirtualTime time) : IVirtualEvent
{
    private readonly Queue<IUplinkSource> _line = new();
    private TimeSpan _free;
    private TimeSpan _freeOfShort;
    private bool _isAwaited;

    /// <summary>Puts a source in line, if it is not, and lets go what can go.</summary>
    public void Enter(IUplinkSource source)
    {
        if (source.IsInLine)
            return;
        while (source is { HasPacket: true, IsNextShort: true })
            Send(source.Take(), passes: true);
        if (!source.HasPacket)
            return;
        source.IsInLine = true;
        _line.Enqueue(source);
        Run();
    }

    /// <inheritdoc/>
    public void Happen()
    {
        _isAwaited = false;
        Run();
    }

    private void Run()
    {
        while (_line.Count > 0)
        {
            if (_free > time.Now)
            {
                Await();
                return;
            }

            IUplinkSource source = _line.Dequeue();
            if (source.HasPacket)
                Send(source.Take(), passes: false);

            // In line again while it has long packets; what is short goes along.
            while (source is { HasPacket: true, IsNextShort: true })
                Send(source.Take(), passes: false);
            source.IsInLine = source.HasPacket;
            if (source.IsInLine)
                _line.Enqueue(source);
        }
    }

    private void Send(Packet packet, bool passes)
    {
        TimeSpan now = time.Now;
        if (packet.To == host)
        {
            packet.Depart(now);
            return;
        }

        TimeSpan duration = Transmission.Duration(packet.Length, host.Options.UploadRate);
        _free = (_free > now ? _free : now) + duration;
        if (passes)
            _freeOfShort = (_freeOfShort > now ? _freeOfShort : now) + duration;
        packet.Depart(passes ? _freeOfShort : _free);
    }

    private void Await()
    {
        if (_isAwaited)
            return;
        _isAwaited = true;
        time.At(_free, this);
    }
}
