namespace OurTorrent.Simulation.Network;

/// <summary>A packet of a connection, with bytes or with word of something. Taken from the network's pool, and given back once delivered.</summary>
internal sealed class StreamPacket(VirtualNetwork network) : Packet
{
    private Channel _channel = null!;
    private VirtualStreamSocket? _target;
    private Action? _word;
    private StreamPacketKind _kind;
    private long _limit;

    /// <summary>The bytes; null for a packet that has none.</summary>
    public Segment? Segment { get; private set; }

    public override int Length => Segment?.Length ?? 0;

    public override VirtualHost To => _channel.To;

    public override TimeSpan DeliveredAt
    {
        get => _channel.LastDelivery;
        set => _channel.LastDelivery = value;
    }

    /// <summary>Makes it one with bytes.</summary>
    public StreamPacket Carry(Channel channel, VirtualStreamSocket target, Segment segment)
    {
        Begin(channel, target, StreamPacketKind.Data);
        Segment = segment;
        return this;
    }

    /// <summary>Makes it one that says something.</summary>
    public StreamPacket Say(Channel channel, VirtualStreamSocket target, StreamPacketKind kind, long limit = 0)
    {
        Begin(channel, target, kind);
        _limit = limit;
        return this;
    }

    /// <summary>Makes it one that has something done where it arrives.</summary>
    public StreamPacket Do(Channel channel, Action word)
    {
        Begin(channel, null, StreamPacketKind.Data);
        _word = word;
        return this;
    }

    public override void Depart(TimeSpan time)
    {
        if (network.IsHeld(_channel, this))
            return;
        TimeSpan arrival = time + network.Latency(_channel.From, _channel.To);
        if (arrival < _channel.LastArrival)
            arrival = _channel.LastArrival;
        _channel.LastArrival = arrival;
        if (_channel.From != _channel.To)
            SetOut();
        network.Time.At(arrival, this);
    }

    public override void Deliver()
    {
        VirtualStreamSocket? target = _target;
        Action? word = _word;
        Segment? segment = Segment;
        StreamPacketKind kind = _kind;
        long limit = _limit;
        Segment = null;
        _word = null;
        network.Packets.Push(this);
        if (target is null)
            word!();
        else if (segment is not null)
            target.OnData(segment);
        else
            target.OnWord(kind, limit);
    }

    private void Begin(Channel channel, VirtualStreamSocket? target, StreamPacketKind kind)
    {
        _channel = channel;
        _target = target;
        _kind = kind;
    }
}
