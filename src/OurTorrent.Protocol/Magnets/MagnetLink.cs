using System.Net;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Protocol.Magnets;

/// <summary>
/// A link that names a torrent by its info-hash and hints where to find it (BEP 9), selects files (BEP 53), and knows the
/// info-hashes of v2 (BEP 52).
/// </summary>
public sealed class MagnetLink
{
    private const string Scheme = "magnet:";
    private const string HashV1 = "urn:btih:";
    private const string HashV2 = "urn:btmh:";

    // A multihash says which hash it is and how long: 0x12 is SHA-256, 0x20 is 32 bytes.
    private const string Sha256Multihash = "1220";

    /// <summary>The info-hashes, at least one (<c>xt</c>).</summary>
    public required InfoHashes InfoHashes { get; init; }

    /// <summary>The name to show until the torrent's own is known, as written: not safe as a file name (<c>dn</c>).</summary>
    public string? Name { get; init; }

    /// <summary>The length of the content in bytes, as far as the link tells (<c>xl</c>).</summary>
    public long? Length { get; init; }

    /// <summary>The announce URLs (<c>tr</c>), each once.</summary>
    public IReadOnlyList<string> Trackers { get; init; } = [];

    /// <summary>The URLs of web servers that hold the content (<c>ws</c>, BEP 19).</summary>
    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    /// <summary>Where the .torrent file itself can be had (<c>xs</c>), or the key of a mutable torrent (BEP 46).</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Peers to ask first (<c>x.pe</c>).</summary>
    public IReadOnlyList<DnsEndPoint> Peers { get; init; } = [];

    /// <summary>The files to download; empty for all of them (<c>so</c>, BEP 53).</summary>
    public IReadOnlyList<FileRange> SelectedFiles { get; init; } = [];

    /// <summary>Whether the link selects a file.</summary>
    /// <param name="index">The index of the file in the torrent.</param>
    public bool Selects(int index)
    {
        foreach (FileRange range in SelectedFiles)
        {
            if (range.Contains(index))
                return true;
        }

        return SelectedFiles.Count == 0;
    }

    /// <summary>Makes the link to a torrent.</summary>
    /// <param name="metainfo">The torrent.</param>
    public static MagnetLink FromMetainfo(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return new MagnetLink
        {
            InfoHashes = metainfo.InfoHashes,
            Name = metainfo.Name,
            Length = metainfo.TotalSize,
            Trackers = [.. metainfo.Trackers.SelectMany(tier => tier)],
            WebSeeds = metainfo.WebSeeds,
        };
    }

    /// <summary>Reads a link.</summary>
    /// <param name="text">The link.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="FormatException">The text is not a magnet link of a torrent; the message says why.</exception>
    public static MagnetLink Parse(string text) =>
        TryParse(text, out MagnetLink? link, out string? error) ? link : throw new FormatException(error);

    /// <summary>As <see cref="Parse"/>, but never throws.</summary>
    /// <param name="text">The link.</param>
    /// <param name="link">What it says.</param>
    /// <param name="error">What is wrong with it, in a sentence for a person.</param>
    /// <returns>Whether the text is a magnet link of a torrent.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out MagnetLink? link, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        link = null;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int query = rest.IndexOf('?');
        if (!rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || query < 0 || rest[Scheme.Length..query].Trim('/').Length > 0)
        {
            error = "A magnet link begins with \"magnet:?\"; this does not.";
            return false;
        }

        var parameters = new Parameters();
        rest = rest[(query + 1)..];
        foreach (Range range in rest.Split('&'))
        {
            ReadOnlySpan<char> parameter = rest[range];

            // Links copied from the source of a web page have their ampersands escaped.
            if (parameter.StartsWith("amp;", StringComparison.OrdinalIgnoreCase))
                parameter = parameter[4..];

            int equals = parameter.IndexOf('=');
            if (equals < 0)
                continue;

            error = parameters.Add(KeyOf(parameter[..equals]), parameter[(equals + 1)..]);
            if (error is not null)
                return false;
        }

        if (parameters.V1 is null && parameters.V2 is null)
        {
            error = "The magnet link names no torrent; expected xt=urn:btih: or xt=urn:btmh: with an info-hash.";
            return false;
        }

        link = parameters.ToLink();
        error = null;
        return true;
    }

    /// <summary>The link as text, to be read again by any client.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme).Append('?');
        if (InfoHashes.V1 is { } v1)
            Append(text, "xt", HashV1 + v1);
        if (InfoHashes.V2 is { } v2)
            Append(text, "xt", HashV2 + Sha256Multihash + v2);
        if (!string.IsNullOrEmpty(Name))
            Append(text, "dn", Uri.EscapeDataString(Name));
        if (Length is { } length)
            Append(text, "xl", length.ToString(CultureInfo.InvariantCulture));

        foreach (string url in Trackers)
            Append(text, "tr", Uri.EscapeDataString(url));
        foreach (string url in WebSeeds)
            Append(text, "ws", Uri.EscapeDataString(url));
        foreach (string url in Sources)
            Append(text, "xs", Uri.EscapeDataString(url));
        foreach (DnsEndPoint peer in Peers)
            Append(text, "x.pe", PeerAddressText.Format(peer));
        if (SelectedFiles.Count > 0)
            Append(text, "so", string.Join(',', SelectedFiles));

        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, string value)
    {
        if (text[^1] != '?')
            text.Append('&');
        text.Append(key).Append('=').Append(value);
    }

    /// <summary>The key without the number that some programs write to keep keys apart, as in <c>tr.1</c>.</summary>
    private static string KeyOf(ReadOnlySpan<char> key)
    {
        int dot = key.LastIndexOf('.');
        if (dot > 0 && dot + 1 < key.Length && !key[(dot + 1)..].ContainsAnyExceptInRange('0', '9'))
            key = key[..dot];

        return key.ToString().ToLowerInvariant();
    }

    private sealed class Parameters
    {
        private readonly List<string> _trackers = [];
        private readonly List<string> _webSeeds = [];
        private readonly List<string> _sources = [];
        private readonly List<DnsEndPoint> _peers = [];
        private readonly List<FileRange> _files = [];
        private readonly HashSet<(string Key, string Value)> _seen = [];
        private string? _name;
        private long? _length;

        public InfoHash? V1 { get; private set; }

        public InfoHashV2? V2 { get; private set; }

        public string? Add(string key, ReadOnlySpan<char> escaped)
        {
            // A plus is a space in names only: in URLs it may stand for itself.
            string value = key == "dn"
                ? Uri.UnescapeDataString(escaped.ToString().Replace('+', ' ')).Trim()
                : Uri.UnescapeDataString(escaped).Trim();
            if (value.Length == 0 || !_seen.Add((key, value)))
                return null;

            switch (key)
            {
                case "xt":
                    return AddHash(value);
                case "so":
                    return AddFiles(value);
                case "dn":
                    _name ??= value;
                    break;
                case "xl":
                    if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length))
                        _length ??= length;
                    break;
                case "tr":
                    _trackers.Add(value);
                    break;
                case "ws":
                    _webSeeds.Add(value);
                    break;
                case "xs":
                    _sources.Add(value);
                    break;
                case "x.pe":
                    if (PeerAddressText.TryParse(value, out DnsEndPoint? peer))
                        _peers.Add(peer);
                    break;
            }

            return null;
        }

        public MagnetLink ToLink() => new()
        {
            InfoHashes = new(V1, V2),
            Name = _name,
            Length = _length,
            Trackers = _trackers,
            WebSeeds = _webSeeds,
            Sources = _sources,
            Peers = _peers,
            SelectedFiles = _files,
        };

        private string? AddHash(string value)
        {
            if (value.StartsWith(HashV1, StringComparison.OrdinalIgnoreCase))
            {
                if (!TryParseV1(value.AsSpan(HashV1.Length), out InfoHash v1))
                    return "The info-hash after urn:btih: is not one; expected 40 hexadecimal or 32 base-32 digits.";
                if (V1 is { } other && other != v1)
                    return "The magnet link names two torrents; expected one info-hash after urn:btih:.";

                V1 = v1;
            }
            else if (value.StartsWith(HashV2, StringComparison.OrdinalIgnoreCase))
            {
                ReadOnlySpan<char> digits = value.AsSpan(HashV2.Length);
                if (!digits.StartsWith(Sha256Multihash, StringComparison.Ordinal)
                    || !InfoHashV2.TryParseHex(digits[Sha256Multihash.Length..], out InfoHashV2 v2))
                {
                    return "The info-hash after urn:btmh: is not one; expected 1220 and 64 hexadecimal digits.";
                }

                if (V2 is { } other && other != v2)
                    return "The magnet link names two torrents; expected one info-hash after urn:btmh:.";

                V2 = v2;
            }

            return null;
        }

        private string? AddFiles(string value)
        {
            ReadOnlySpan<char> text = value;
            foreach (Range part in text.Split(','))
            {
                if (!FileRange.TryParse(text[part].Trim(), out FileRange range))
                    return "The selection of files after so= is not one; expected numbers and ranges such as 0,2,6-8.";

                _files.Add(range);
            }

            return null;
        }

        private static bool TryParseV1(ReadOnlySpan<char> digits, out InfoHash infoHash)
        {
            if (InfoHash.TryParseHex(digits, out infoHash))
                return true;

            Span<byte> bytes = stackalloc byte[InfoHash.Length];
            if (!Base32.TryDecode(digits, bytes))
                return false;

            infoHash = new InfoHash(bytes);
            return true;
        }
    }
}
