using BenchmarkDotNet.Attributes;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Benchmarks.Trackers;

/// <summary>
/// Writes and reads the packets of an announce over UDP (BEP 15); the answer has 50 peers. Gate: 0 bytes allocated. Shows
/// what a packet costs either side beside the system call.
/// </summary>
[MemoryDiagnoser]
public class UdpAnnounceBenchmarks
{
    private const int PeerCount = 50;

    private readonly byte[] _requestPacket = new byte[UdpAnnounceRequest.WireLength];
    private readonly byte[] _responsePacket = new byte[UdpAnnounceResponse.HeaderLength + (PeerCount * CompactPeer.IPv4Length)];
    private UdpAnnounceRequest _request;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        byte[] id = new byte[20];
        random.NextBytes(id);
        _request = new UdpAnnounceRequest(
            ConnectionId: 0x1234_5678_9abc_def0,
            TransactionId: 7,
            new InfoHash(id),
            new PeerId(id),
            Downloaded: 1,
            Left: 2,
            Uploaded: 3,
            AnnounceEvent.Started,
            IPv4Address: 0,
            Key: 9,
            NumWant: 50,
            Port: 6881);
        random.NextBytes(_responsePacket);
        new UdpAnnounceResponse(7, 1800, 12, 38).Write(_responsePacket);
        _request.Write(_requestPacket);
    }

    [Benchmark]
    public void WriteRequest() => _request.Write(_requestPacket);

    [Benchmark]
    public bool ParseRequest() => UdpAnnounceRequest.TryParse(_requestPacket, out _);

    [Benchmark]
    public void WriteResponseHeader() => new UdpAnnounceResponse(7, 1800, 12, 38).Write(_responsePacket);

    [Benchmark]
    public int ParseResponseWithPeers()
    {
        if (!UdpAnnounceResponse.TryParse(_responsePacket, isIPv6: false, out _, out CompactPeers peers))
            throw new InvalidOperationException("The packet is no announce response.");

        int usable = 0;
        foreach (CompactPeer peer in peers)
        {
            if (peer.IsUsable)
                usable++;
        }

        return usable;
    }
}
