using System.Net;
using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Trackers;

/// <summary>What the answer to an announce over HTTP holds, as it is read.</summary>
internal sealed class HttpAnnounceFields : HttpTrackerFields
{
    private const int MaxTrackerIdLength = 512;

    private readonly List<IPEndPoint> _peers = [];
    private TimeSpan _interval;
    private TimeSpan? _minInterval;
    private int? _seeders;
    private int? _leechers;
    private int? _completed;
    private string? _warning;
    private byte[] _trackerId = [];
    private IPAddress? _externalAddress;

    public bool HasInterval { get; private set; }

    public bool HasPeers { get; private set; }

    public AnnounceResponse ToResponse() => new()
    {
        Interval = _interval,
        MinInterval = _minInterval,
        Seeders = _seeders,
        Leechers = _leechers,
        Completed = _completed,
        Peers = _peers,
        Warning = string.IsNullOrEmpty(_warning) ? null : _warning,
        TrackerId = _trackerId,
        ExternalAddress = _externalAddress,
    };

    protected override bool TryReadOwn(ReadOnlySpan<byte> key, ref BencodeReader reader)
    {
        if (reader.TryGetInt64(out long number))
            TakeNumber(key, number);
        else if (key.SequenceEqual("peers"u8))
            return TryReadPeers(ref reader);
        else if (reader.TokenType == BencodeTokenType.String)
            TakeString(key, reader.ValueSpan);
        return true;
    }

    private void TakeNumber(ReadOnlySpan<byte> key, long number)
    {
        if (key.SequenceEqual("interval"u8))
        {
            HasInterval = true;
            _interval = TrackerNumber.Seconds(number);
        }
        else if (key.SequenceEqual("min interval"u8))
        {
            _minInterval = number > 0 ? TrackerNumber.Seconds(number) : null;
        }
        else if (key.SequenceEqual("complete"u8))
        {
            _seeders = TrackerNumber.Count(number);
        }
        else if (key.SequenceEqual("incomplete"u8))
        {
            _leechers = TrackerNumber.Count(number);
        }
        else if (key.SequenceEqual("downloaded"u8))
        {
            _completed = TrackerNumber.Count(number);
        }
    }

    private void TakeString(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("peers6"u8))
            TakeCompact(new CompactPeers(value, isIPv6: true));
        else if (key.SequenceEqual("warning message"u8))
            _warning = TrackerText.OneLine(value);
        else if (key.SequenceEqual("tracker id"u8) && value.Length <= MaxTrackerIdLength)
            _trackerId = value.ToArray();
        else if (key.SequenceEqual("external ip"u8) && value.Length is 4 or 16)
            _externalAddress = new IPAddress(value);
    }

    private bool TryReadPeers(ref BencodeReader reader)
    {
        HasPeers = true;
        switch (reader.TokenType)
        {
            case BencodeTokenType.String:
                TakeCompact(new CompactPeers(reader.ValueSpan, isIPv6: false));
                return true;
            case BencodeTokenType.StartList:
                return TryReadPeerList(ref reader);
            default:
                return true;
        }
    }

    private void TakeCompact(CompactPeers peers)
    {
        HasPeers = true;
        foreach (CompactPeer peer in peers)
        {
            if (_peers.Count >= HttpTrackerResponse.MaxPeers)
                break;

            if (peer.IsUsable)
                _peers.Add(peer.ToEndPoint());
        }
    }

    // The form from before BEP 23: a dictionary for each peer.
    private bool TryReadPeerList(ref BencodeReader reader)
    {
        while (reader.TryRead() == BencodeReadStatus.Token)
        {
            if (reader.TokenType == BencodeTokenType.EndList)
                return true;

            if (reader.TokenType == BencodeTokenType.StartDictionary ? !TryReadPeer(ref reader) : !reader.TrySkip())
                return false;
        }

        return false;
    }

    private bool TryReadPeer(ref BencodeReader reader)
    {
        IPAddress? address = null;
        long port = 0;
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            bool isAddress = reader.ValueEquals("ip"u8);
            bool isPort = reader.ValueEquals("port"u8);
            if (reader.TryRead() != BencodeReadStatus.Token)
                return false;

            if (isAddress)
                address = ReadAddress(reader.ValueSpan);
            else if (isPort && reader.TryGetInt64(out long number))
                port = number;
            if (!reader.TrySkip())
                return false;
        }

        if (reader.TokenType != BencodeTokenType.EndDictionary)
            return false;

        if (address is not null && port is > 0 and <= ushort.MaxValue && _peers.Count < HttpTrackerResponse.MaxPeers)
            _peers.Add(new IPEndPoint(address, (int)port));
        return true;
    }

    // BEP 3 allows host names here; they are left out, as no tracker in use sends them. Nor are half-written addresses ("10.1")
    // and zones ("%eth0") taken, which the parser would accept.
    private static IPAddress? ReadAddress(ReadOnlySpan<byte> text)
    {
        const int MaxAddressLength = 45;
        bool isIPv4 = text.Count((byte)'.') == 3;
        if (text.Length > MaxAddressLength || text.Contains((byte)'%') || (!isIPv4 && !text.Contains((byte)':')))
            return null;

        return IPAddress.TryParse(Encoding.ASCII.GetString(text), out IPAddress? address) &&
            !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? address : null;
    }
}
