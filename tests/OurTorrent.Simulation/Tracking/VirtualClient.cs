using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker;

namespace OurTorrent.Simulation.Tracking;

/// <summary>
/// Somebody with a client: comes, downloads, seeds, goes, comes back. One in five vanishes without a word, one in ten comes back with
/// another address.
/// </summary>
internal sealed class VirtualClient(TrackerWorld world, InfoHash[] torrents, double[] popularity)
{
    private const int Wanted = 30;
    private static readonly TimeSpan IdLifetime = TimeSpan.FromMinutes(1);
    private readonly byte[] _packet = new byte[UdpAnnounceRequest.WireLength];
    private TrackedPeer? _peer;
    private ClientAddress _address;
    private ushort _port;
    private uint _key;
    private ulong _id;
    private TimeSpan _idIssued = -IdLifetime;

    // Whatever is still to come from an earlier stay is void.
    private int _stay;

    public void Begin()
    {
        Move();
        world.Time.After(Exponential(TimeSpan.FromHours(6)), Come);
    }

    private void Come()
    {
        if (world.Random.Next(10) == 0)
            Move();
        int stay = ++_stay;
        int place = Array.BinarySearch(popularity, world.Random.NextDouble() * popularity[^1]);
        _key = (uint)world.Random.Next();
        _peer = new TrackedPeer { Peer = _address.AtPort(_port), Swarm = torrents[place < 0 ? ~place : place], IsSeeder = world.Random.Next(4) == 0 };
        Announce(AnnounceEvent.Started);
        if (!_peer.IsSeeder)
            world.Time.After(Exponential(TimeSpan.FromHours(2)), () => Complete(stay));
        world.Time.After(Exponential(TimeSpan.FromHours(5)), () => Go(stay));
    }

    private void Complete(int stay)
    {
        if (stay != _stay)
            return;
        _peer!.IsSeeder = true;
        Announce(AnnounceEvent.Completed);
    }

    private void Go(int stay)
    {
        if (stay != _stay)
            return;
        if (world.Random.Next(5) > 0)
            Announce(AnnounceEvent.Stopped);
        _stay++;
        world.Time.After(Exponential(TimeSpan.FromHours(10)), Come);
    }

    private void Announce(AnnounceEvent what)
    {
        if (world.Time.Now - _idIssued >= IdLifetime)
            Connect();
        new UdpAnnounceRequest(
            _id, 7, _peer!.Swarm, new PeerId(new byte[PeerId.Length]), 0, _peer.IsSeeder ? 0 : 1000, 0, what, 0, _key, Wanted, _port).Write(_packet);
        ReadOnlySpan<byte> reply = world.Send(_packet, _address, _port);
        if (!UdpAnnounceResponse.TryParse(reply, _address.IsIPv6, out UdpAnnounceResponse response, out _))
            throw new SimulationFailedException($"At {world.Time.Now} the tracker refused an announce.");

        world.Check(_peer, what, reply[UdpAnnounceResponse.HeaderLength..], response.Seeders, response.Leechers, Wanted);
        if (what is AnnounceEvent.None or AnnounceEvent.Started)
        {
            int stay = _stay;
            world.Time.After(TimeSpan.FromSeconds(response.Interval), () =>
            {
                if (stay == _stay)
                    Announce(AnnounceEvent.None);
            });
        }
    }

    private void Connect()
    {
        Span<byte> packet = stackalloc byte[UdpConnectRequest.WireLength];
        new UdpConnectRequest(9).Write(packet);
        if (!UdpConnectResponse.TryParse(world.Send(packet, _address, _port), out UdpConnectResponse response))
            throw new SimulationFailedException($"At {world.Time.Now} the tracker gave no connection id.");
        (_id, _idIssued) = (response.ConnectionId, world.Time.Now);
    }

    private void Move()
    {
        uint number = (uint)world.Random.Next();
        _address = world.Random.Next(4) == 0
            ? new ClientAddress(((UInt128)0x2001_0db8 << 96) | number, IsIPv6: true)
            : new ClientAddress(number, IsIPv6: false);
        _port = (ushort)world.Random.Next(1024, 65536);
        _idIssued = world.Time.Now - IdLifetime;
    }

    private TimeSpan Exponential(TimeSpan mean) => mean * -Math.Log(1 - world.Random.NextDouble());
}
