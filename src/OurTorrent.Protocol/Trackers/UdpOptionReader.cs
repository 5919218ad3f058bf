namespace OurTorrent.Protocol.Trackers;

/// <summary>Reads the options after an announce to a UDP tracker (BEP 41), without allocation.</summary>
public ref struct UdpOptionReader
{
    /// <summary>The option that ends the list; it has no length and no data.</summary>
    public const byte EndOfOptions = 0;

    /// <summary>The option that says nothing; it has no length and no data.</summary>
    public const byte Nop = 1;

    /// <summary>The option that holds path and query of the tracker's URL, or the next piece of them.</summary>
    public const byte UrlData = 2;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Begins to read.</summary>
    /// <param name="options">What follows the first <see cref="UdpAnnounceRequest.WireLength"/> bytes of the datagram.</param>
    public UdpOptionReader(ReadOnlySpan<byte> options) => _rest = options;

    /// <summary>Reads the next option that has data.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="data">Its data, up to 255 bytes.</param>
    /// <returns>Whether there was one; a truncated option ends the list.</returns>
    public bool TryRead(out byte type, out ReadOnlySpan<byte> data)
    {
        while (!_rest.IsEmpty && _rest[0] != EndOfOptions)
        {
            type = _rest[0];
            if (type == Nop)
            {
                _rest = _rest[1..];
                continue;
            }

            if (_rest.Length < 2 || _rest.Length < 2 + _rest[1])
                break;

            data = _rest.Slice(2, _rest[1]);
            _rest = _rest[(2 + data.Length)..];
            return true;
        }

        _rest = default;
        type = EndOfOptions;
        data = default;
        return false;
    }

    /// <summary>Puts the pieces of the URL's path and query together.</summary>
    /// <param name="options">What follows the first <see cref="UdpAnnounceRequest.WireLength"/> bytes of the datagram.</param>
    /// <param name="destination">Where to put them; as long as <paramref name="options"/> is always enough.</param>
    /// <param name="written">How many bytes were put there.</param>
    /// <returns>Whether there was such an option, and room for all of it.</returns>
    public static bool TryReadUrl(ReadOnlySpan<byte> options, Span<byte> destination, out int written)
    {
        written = 0;
        bool found = false;
        var reader = new UdpOptionReader(options);
        while (reader.TryRead(out byte type, out ReadOnlySpan<byte> data))
        {
            if (type != UrlData)
                continue;

            if (!data.TryCopyTo(destination[written..]))
                return false;
            written += data.Length;
            found = true;
        }

        return found;
    }

    /// <summary>The length of the options that <see cref="WriteUrl"/> writes, in bytes.</summary>
    /// <param name="length">The length of the URL's path and query in bytes.</param>
    public static int LengthOfUrl(int length) => length + (2 * Math.Max(1, (length + byte.MaxValue - 1) / byte.MaxValue));

    /// <summary>Writes the path and query of a URL, in as many options as they need.</summary>
    /// <param name="url">The path and query; empty says that the URL has neither.</param>
    /// <param name="destination">At least <see cref="LengthOfUrl"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteUrl(ReadOnlySpan<byte> url, Span<byte> destination)
    {
        int written = 0;
        do
        {
            ReadOnlySpan<byte> piece = url[..Math.Min(url.Length, byte.MaxValue)];
            url = url[piece.Length..];
            destination[written] = UrlData;
            destination[written + 1] = (byte)piece.Length;
            piece.CopyTo(destination[(written + 2)..]);
            written += 2 + piece.Length;
        }
        while (!url.IsEmpty);

        return written;
    }
}
