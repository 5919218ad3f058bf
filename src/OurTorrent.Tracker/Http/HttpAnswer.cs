using System.Buffers;
using System.Security.Cryptography;
using OurTorrent.Bencoding;

namespace OurTorrent.Tracker.Http;

/// <summary>The memory in which one answer is put together; used again for the next.</summary>
internal sealed class HttpAnswer(int maxNumWant)
{
    private const int UsualLength = 2048;

    private readonly ArrayBufferWriter<byte> _body = new(UsualLength);
    private readonly byte[] _ipv4Peers = new byte[maxNumWant * CompactPeer.IPv4Length];
    private readonly byte[] _ipv6Peers = new byte[maxNumWant * CompactPeer.IPv6Length];
    private readonly List<InfoHash> _infoHashes = [];
    private BencodeWriter? _writer;
    private uint _random = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4));

    /// <summary>The body so far.</summary>
    public ReadOnlySpan<byte> Body => _body.WrittenSpan;

    /// <summary>The torrents a scrape names.</summary>
    public List<InfoHash> InfoHashes => _infoHashes;

    /// <summary>A number that differs each time, to spread the clients.</summary>
    public uint NextRandom() => (_random += 0x9E3779B9) >> 8;

    /// <summary>Room for this many IPv4 peers.</summary>
    public Span<byte> IPv4Peers(int count) => _ipv4Peers.AsSpan(0, count * CompactPeer.IPv4Length);

    /// <summary>Room for this many IPv6 peers.</summary>
    public Span<byte> IPv6Peers(int count) => _ipv6Peers.AsSpan(0, count * CompactPeer.IPv6Length);

    /// <summary>Begins a body.</summary>
    public BencodeWriter Begin()
    {
        _body.ResetWrittenCount();
        if (_writer is null)
            _writer = new BencodeWriter(_body);
        else
            _writer.Reset(_body);
        return _writer;
    }
}
