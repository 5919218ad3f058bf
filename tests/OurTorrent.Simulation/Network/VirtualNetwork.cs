using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Simulation.Network;

/// <summary>
/// Hosts that reach each other through links with latency, bandwidth, loss and breaks. Bytes on the wire are those of the
/// programs: headers and acknowledgements weigh nothing.
/// </summary>
internal sealed class VirtualNetwork(VirtualTime time, Random random, SimulationTrace trace)
{
    private readonly Dictionary<IPAddress, VirtualHost> _hosts = [];
    private readonly Dictionary<string, IPAddress[]> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(VirtualHost, VirtualHost), TimeSpan> _latencies = [];
    private readonly HashSet<(VirtualHost, VirtualHost)> _cuts = [];
    private readonly HashSet<VirtualHost> _isolated = [];
    private readonly List<Channel> _held = [];

    internal VirtualTime Time => time;

    /// <summary>The memory of what is on its way.</summary>
    internal SegmentPool Segments { get; } = new();

    internal SimulationTrace Trace => trace;

    /// <summary>Adds a host.</summary>
    /// <param name="options">How it is connected.</param>
    /// <param name="addresses">Its addresses; the first of each family is the one its connections come from.</param>
    public VirtualHost AddHost(HostOptions options, params string[] addresses)
    {
        var host = new VirtualHost(this, options, [.. addresses.Select(IPAddress.Parse)]);
        foreach (IPAddress address in host.Addresses)
            _hosts.Add(address, host);
        return host;
    }

    /// <summary>Gives a name addresses.</summary>
    public void AddName(string name, params IPAddress[] addresses) => _names[name] = addresses;

    /// <summary>Sets the time one packet takes between two hosts, either way, in place of the sum of theirs.</summary>
    public void SetLatency(VirtualHost one, VirtualHost other, TimeSpan latency)
    {
        _latencies[(one, other)] = latency;
        _latencies[(other, one)] = latency;
    }

    /// <summary>Cuts two hosts off from each other: what they send waits or, where it must not, is lost.</summary>
    public void Cut(VirtualHost one, VirtualHost other)
    {
        _cuts.Add((one, other));
        _cuts.Add((other, one));
    }

    /// <summary>Cuts a host off from all others.</summary>
    public void Isolate(VirtualHost host) => _isolated.Add(host);

    /// <summary>Takes <see cref="Cut"/> back.</summary>
    public void Heal(VirtualHost one, VirtualHost other)
    {
        _cuts.Remove((one, other));
        _cuts.Remove((other, one));
        SendHeld();
    }

    /// <summary>Takes <see cref="Isolate"/> back.</summary>
    public void Rejoin(VirtualHost host)
    {
        _isolated.Remove(host);
        SendHeld();
    }

    /// <summary>Whether two hosts are cut off from each other.</summary>
    public bool AreCut(VirtualHost one, VirtualHost other) =>
        (_isolated.Count > 0 || _cuts.Count > 0) && one != other && (_isolated.Contains(one) || _isolated.Contains(other) || _cuts.Contains((one, other)));

    /// <summary>Packets that are not in use.</summary>
    internal Stack<StreamPacket> Packets { get; } = new();

    /// <summary>A packet that is not in use.</summary>
    internal StreamPacket TakePacket() => Packets.TryPop(out StreamPacket? packet) ? packet : new StreamPacket(this);

    /// <summary>The host at an address, seen from another; null when there is none.</summary>
    internal VirtualHost? Find(VirtualHost from, IPAddress address) =>
        IPAddress.IsLoopback(address) ? from : _hosts.GetValueOrDefault(address);

    /// <summary>Has a host found at other addresses than before.</summary>
    internal void Move(VirtualHost host, IReadOnlyList<IPAddress> addresses)
    {
        foreach (IPAddress address in host.Addresses)
            _hosts.Remove(address);
        foreach (IPAddress address in addresses)
            _hosts.Add(address, host);
    }

    internal Task<IPAddress[]> Resolve(string name) =>
        IPAddress.TryParse(name, out IPAddress? literal) ? Task.FromResult<IPAddress[]>([literal])
        : _names.TryGetValue(name, out IPAddress[]? addresses) ? Task.FromResult(addresses)
        : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));

    /// <summary>The time one packet takes now.</summary>
    internal TimeSpan Latency(VirtualHost from, VirtualHost to)
    {
        if (from == to)
            return TimeSpan.Zero;
        TimeSpan latency = _latencies.Count > 0 && _latencies.TryGetValue((from, to), out TimeSpan set)
            ? set
            : from.Options.Latency + to.Options.Latency;
        TimeSpan jitter = from.Options.Jitter + to.Options.Jitter;
        return jitter > TimeSpan.Zero ? latency + (jitter * random.NextDouble()) : latency;
    }

    /// <summary>Whether a packet of a connection cannot go; it is kept until it can, but for one of a connection that is silent.</summary>
    internal bool IsHeld(Channel channel, StreamPacket packet)
    {
        if (channel.IsSilent)
            return true;
        if (channel.Held.Count == 0 && !AreCut(channel.From, channel.To))
            return false;
        if (channel.Held.Count == 0)
            _held.Add(channel);
        channel.Held.Enqueue(packet);
        return true;
    }

    /// <summary>Whether a packet that may be lost is not.</summary>
    internal bool IsCarried(VirtualHost from, VirtualHost to)
    {
        if (from == to)
            return true;
        if (AreCut(from, to))
            return false;
        double loss = 1 - ((1 - from.Options.DatagramLoss) * (1 - to.Options.DatagramLoss));
        return loss <= 0 || random.NextDouble() >= loss;
    }

    private void SendHeld()
    {
        foreach (Channel channel in _held.Where(channel => !AreCut(channel.From, channel.To)).ToList())
        {
            _held.Remove(channel);
            StreamPacket[] packets = [.. channel.Held];
            channel.Held.Clear();
            foreach (StreamPacket packet in packets)
                packet.Depart(time.Now);
        }
    }
}
