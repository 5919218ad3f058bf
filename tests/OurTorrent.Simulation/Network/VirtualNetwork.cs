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
        one != other && (_isolated.Contains(one) || _isolated.Contains(other) || _cuts.Contains((one, other)));

    /// <summary>The host at an address, seen from another; null when there is none.</summary>
    internal VirtualHost? Find(VirtualHost from, IPAddress address) =>
        IPAddress.IsLoopback(address) ? from : _hosts.GetValueOrDefault(address);

    internal Task<IPAddress[]> Resolve(string name) =>
        IPAddress.TryParse(name, out IPAddress? literal) ? Task.FromResult<IPAddress[]>([literal])
        : _names.TryGetValue(name, out IPAddress[]? addresses) ? Task.FromResult(addresses)
        : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));

    /// <summary>The time one packet takes now.</summary>
    internal TimeSpan Latency(VirtualHost from, VirtualHost to)
    {
        if (from == to)
            return TimeSpan.Zero;
        TimeSpan latency = _latencies.TryGetValue((from, to), out TimeSpan set) ? set : from.Options.Latency + to.Options.Latency;
        TimeSpan jitter = from.Options.Jitter + to.Options.Jitter;
        return jitter > TimeSpan.Zero ? latency + (jitter * random.NextDouble()) : latency;
    }

    /// <summary>Sends a packet that has left the uplink, behind those before it.</summary>
    internal void Send(Channel channel, int length, Action deliver)
    {
        if (channel.Held.Count > 0 || AreCut(channel.From, channel.To))
        {
            if (channel.Held.Count == 0)
                _held.Add(channel);
            channel.Held.Enqueue((length, deliver));
            return;
        }

        TimeSpan arrival = time.Now + Latency(channel.From, channel.To);
        if (arrival < channel.LastArrival)
            arrival = channel.LastArrival;
        channel.LastArrival = arrival;
        time.At(arrival, channel.From == channel.To ? deliver : () => channel.To.Downlink.Enter(length, deliver, mayDrop: false));
    }

    /// <summary>Sends a packet that may be lost and may overtake others.</summary>
    internal void SendLoosely(VirtualHost from, VirtualHost to, int length, Action deliver)
    {
        if (AreCut(from, to))
            return;
        if (from == to)
        {
            time.After(TimeSpan.Zero, deliver);
            return;
        }

        double loss = 1 - ((1 - from.Options.DatagramLoss) * (1 - to.Options.DatagramLoss));
        if (loss > 0 && random.NextDouble() < loss)
            return;
        time.After(Latency(from, to), () => to.Downlink.Enter(length, deliver, mayDrop: true));
    }

    private void SendHeld()
    {
        foreach (Channel channel in _held.Where(channel => !AreCut(channel.From, channel.To)).ToList())
        {
            _held.Remove(channel);
            (int Length, Action Deliver)[] packets = [.. channel.Held];
            channel.Held.Clear();
            foreach ((int length, Action deliver) in packets)
                Send(channel, length, deliver);
        }
    }
}
