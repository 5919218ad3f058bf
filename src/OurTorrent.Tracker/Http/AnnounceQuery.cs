using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Http;

/// <summary>An announce as it stands in the query of a URL (BEP 3, 7, 21, 23).</summary>
internal struct AnnounceQuery
{
    private const int MaxEventLength = 9;

    public InfoHash InfoHash;
    public PeerId PeerId;
    public ushort Port;

    /// <summary>Proves that it is the same client: its <c>key</c>, or a digest of its peer id.</summary>
    public uint Key;
    public AnnounceEvent Event;

    /// <summary>Whether nothing is left to download. Who does not say is no seeder.</summary>
    public bool IsSeeder;

    /// <summary>How many peers are wanted; negative where the client leaves it to the tracker.</summary>
    public int NumWant;

    /// <summary>Whether peers are to be six bytes each (BEP 23), and not dictionaries.</summary>
    public bool IsCompact;

    /// <summary>Where in the query <c>ip</c> stands, and how long it is; zero for nowhere.</summary>
    public (int Start, int Length) Ip;

    /// <summary>Where <c>ipv4</c> stands (BEP 7).</summary>
    public (int Start, int Length) IPv4;

    /// <summary>Where <c>ipv6</c> stands (BEP 7).</summary>
    public (int Start, int Length) IPv6;

    /// <summary>Reads a query. Fields that are not known are passed over.</summary>
    /// <param name="query">The query, without its question mark.</param>
    /// <param name="announce">The announce read.</param>
    /// <returns>What is wrong with it, if anything.</returns>
    public static QueryError Parse(ReadOnlySpan<byte> query, out AnnounceQuery announce)
    {
        announce = default;
        announce.NumWant = -1;
        announce.IsCompact = true;
        var seen = Fields.None;
        var reader = new QueryReader(query);
        while (reader.Read())
        {
            QueryError error = announce.Take(ref reader, ref seen);
            if (error != QueryError.None)
                return error;
        }

        announce.Key = PeerKey.Of(announce.Key, announce.PeerId);
        return (seen & Fields.Required) == Fields.Required ? QueryError.None
            : !seen.HasFlag(Fields.InfoHash) ? QueryError.InfoHashMissing
            : !seen.HasFlag(Fields.PeerId) ? QueryError.PeerIdMissing
            : QueryError.PortMissing;
    }

    private QueryError Take(ref QueryReader reader, ref Fields seen)
    {
        ReadOnlySpan<byte> name = reader.Name;
        switch (name.Length)
        {
            case 9 when name.SequenceEqual("info_hash"u8):
                return TakeInfoHash(reader.Value, ref seen);
            case 7 when name.SequenceEqual("peer_id"u8):
                return TakePeerId(reader.Value, ref seen);
            case 4 when name.SequenceEqual("port"u8):
                return TakePort(reader.Value, ref seen);
            case 4 when name.SequenceEqual("left"u8):
                return TakeLeft(reader.Value);
            case 5 when name.SequenceEqual("event"u8):
                return TakeEvent(reader.Value);
            case 7 when name.SequenceEqual("numwant"u8):
                NumWant = reader.ValueLength > 0 && TryReadNumber(reader.Value, out int wanted) ? wanted : -1;
                break;
            case 7 when name.SequenceEqual("compact"u8):
                IsCompact = !reader.Value.SequenceEqual("0"u8);
                break;
            case 3 when name.SequenceEqual("key"u8) && reader.ValueLength > 0:
                Key = KeyText.Read(reader.Value);
                break;
            case 2 when name.SequenceEqual("ip"u8):
                Ip = (reader.ValueStart, reader.ValueLength);
                break;
            case 4 when name.SequenceEqual("ipv4"u8):
                IPv4 = (reader.ValueStart, reader.ValueLength);
                break;
            case 4 when name.SequenceEqual("ipv6"u8):
                IPv6 = (reader.ValueStart, reader.ValueLength);
                break;
        }

        return QueryError.None;
    }

    private QueryError TakeInfoHash(ReadOnlySpan<byte> value, ref Fields seen)
    {
        if (seen.HasFlag(Fields.InfoHash))
            return QueryError.InfoHashRepeated;

        seen |= Fields.InfoHash;
        return TryReadInfoHash(value, out InfoHash) ? QueryError.None : QueryError.InfoHashInvalid;
    }

    /// <summary>Reads the twenty bytes of an info-hash.</summary>
    public static bool TryReadInfoHash(ReadOnlySpan<byte> value, out InfoHash infoHash)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        bool isWhole = PercentEncoding.TryDecode(value, bytes, out int length) && length == InfoHash.Length;
        infoHash = isWhole ? new InfoHash(bytes) : default;
        return isWhole;
    }

    private QueryError TakePeerId(ReadOnlySpan<byte> value, ref Fields seen)
    {
        if (seen.HasFlag(Fields.PeerId))
            return QueryError.PeerIdRepeated;

        seen |= Fields.PeerId;
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        if (!PercentEncoding.TryDecode(value, bytes, out int length) || length != PeerId.Length)
            return QueryError.PeerIdInvalid;

        PeerId = new PeerId(bytes);
        return QueryError.None;
    }

    private QueryError TakePort(ReadOnlySpan<byte> value, ref Fields seen)
    {
        if (seen.HasFlag(Fields.Port))
            return QueryError.PortRepeated;

        seen |= Fields.Port;
        if (!TryReadNumber(value, out int port) || port is 0 or > ushort.MaxValue)
            return QueryError.PortInvalid;

        Port = (ushort)port;
        return QueryError.None;
    }

    // What is left may be any number, also one beyond 64 bits or -1 where the client does not know: only zero means something.
    private QueryError TakeLeft(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> digits = value is [(byte)'-', ..] ? value[1..] : value;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return QueryError.LeftInvalid;

        IsSeeder = !digits.ContainsAnyExcept((byte)'0');
        return QueryError.None;
    }

    private QueryError TakeEvent(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxEventLength)
            return QueryError.EventInvalid;

        if (value.IsEmpty || value.SequenceEqual("empty"u8))
            Event = AnnounceEvent.None;
        else if (value.SequenceEqual("started"u8))
            Event = AnnounceEvent.Started;
        else if (value.SequenceEqual("stopped"u8))
            Event = AnnounceEvent.Stopped;
        else if (value.SequenceEqual("completed"u8))
            Event = AnnounceEvent.Completed;
        else if (value.SequenceEqual("paused"u8))
            Event = AnnounceEvent.Paused;
        else
            return QueryError.EventInvalid;

        return QueryError.None;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> value, out int number)
    {
        const int MaxDigits = 9;
        number = 0;
        if (value.Length is 0 or > MaxDigits)
            return false;

        foreach (byte digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + (digit - '0');
        }

        return true;
    }

    [Flags]
    private enum Fields
    {
        None = 0,
        InfoHash = 1,
        PeerId = 2,
        Port = 4,
        Required = InfoHash | PeerId | Port,
    }
}
