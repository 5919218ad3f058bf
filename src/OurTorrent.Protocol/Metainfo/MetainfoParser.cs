using System.Net;
using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>Reads what stands around the info dictionary of a .torrent file.</summary>
/// <remarks>
/// None of it decides what the content is, so what is written wrongly here is passed over, with two exceptions: two info
/// dictionaries, and piece layers that are not those of the content.
/// </remarks>
internal static class MetainfoParser
{
    private const int LongestHost = 253;

    private static readonly string[] Keys =
    [
        "announce", "announce-list", "comment", "comment.utf-8", "created by", "created by.utf-8", "creation date", "encoding",
        "httpseeds", "info", "nodes", "piece layers", "url-list",
    ];

    private static readonly string[] DecidingKeys = ["info", "piece layers"];

    /// <summary>Reads a whole .torrent file.</summary>
    /// <param name="file">Its bytes, which are kept.</param>
    /// <param name="info">The info dictionary.</param>
    /// <param name="surroundings">What stands around it.</param>
    /// <param name="layers">The piece layers of a v2 or hybrid torrent.</param>
    public static MetainfoError? Parse(
        byte[] file, out InfoDictionary? info, out MetainfoSurroundings surroundings, out PieceLayers layers)
    {
        info = null;
        surroundings = new MetainfoSurroundings();
        layers = PieceLayers.None;
        var raw = new RawValue(file, 0);
        if (file.Length > 0 && !raw.IsDictionary)
            return new(MetainfoErrorReason.NotBencoded, 0, "A torrent begins with the 'd' of a bencoded dictionary; this does not.");
        if (!RawDictionary.TryRead(raw, Keys, out RawDictionary? values, out BencodeError malformed))
            return Malformed(malformed);

        foreach ((string key, long offset) in values.Repeated)
        {
            if (DecidingKeys.Contains(key, StringComparer.Ordinal))
                return new(MetainfoErrorReason.DuplicateKey, offset, $"The torrent has the key \"{key}\" twice.");
        }

        if (!values["info"].Exists)
            return new(MetainfoErrorReason.MissingKey, 0, "The torrent has no \"info\" dictionary.");

        // Names of character sets are ASCII; other bytes would not be written back as they were read.
        string? encoding = values["encoding"].TryGetString(out ReadOnlyMemory<byte> name) && Ascii.IsValid(name.Span)
            ? Encoding.ASCII.GetString(name.Span)
            : null;
        var text = new TorrentText(encoding);
        if (InfoParser.Parse(values["info"], text, out info) is { } error)
            return error;

        surroundings = ReadSurroundings(values, text, encoding);
        return info!.Version == TorrentVersion.V1 ? null : ReadLayers(values["piece layers"], info, out layers);
    }

    /// <summary>An error of the encoding as an error of the torrent.</summary>
    public static MetainfoError Malformed(BencodeError error) =>
        new(MetainfoErrorReason.NotBencoded, error.Offset, $"Invalid bencode: expected {error.Expected}, found {error.Found}.");

    /// <summary>Announce URLs as they are kept: no empty tier, no URL twice (BEP 12).</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Normalize(IEnumerable<IEnumerable<string>> tiers)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<IReadOnlyList<string>>();
        foreach (IEnumerable<string> tier in tiers)
        {
            string[] urls = [.. Distinct(tier, seen)];
            if (urls.Length > 0)
                kept.Add(urls);
        }

        return kept;
    }

    /// <summary>URLs as they are kept: none empty, none twice.</summary>
    public static IReadOnlyList<string> Normalize(IEnumerable<string> urls) =>
        [.. Distinct(urls, new HashSet<string>(StringComparer.Ordinal))];

    private static IEnumerable<string> Distinct(IEnumerable<string> urls, HashSet<string> seen) =>
        urls.Select(url => url.Trim()).Where(url => url.Length > 0 && seen.Add(url));

    private static MetainfoSurroundings ReadSurroundings(RawDictionary values, TorrentText text, string? encoding)
    {
        IReadOnlyList<IReadOnlyList<string>> trackers = Normalize(ReadTiers(values["announce-list"], text));
        if (trackers.Count == 0)
            trackers = Normalize(ReadTiers(values["announce"], text));

        return new MetainfoSurroundings
        {
            Trackers = trackers,
            WebSeeds = Normalize(ReadTiers(values["url-list"], text).SelectMany(urls => urls)),
            HttpSeeds = Normalize(ReadTiers(values["httpseeds"], text).SelectMany(urls => urls)),
            Nodes = ReadNodes(values["nodes"], text),
            Comment = ReadText(values["comment.utf-8"], text) ?? ReadText(values["comment"], text),
            CreatedBy = ReadText(values["created by.utf-8"], text) ?? ReadText(values["created by"], text),
            CreationDate = ReadDate(values["creation date"]),
            Encoding = encoding,
        };
    }

    private static string? ReadText(RawValue value, TorrentText text) =>
        value.TryGetString(out ReadOnlyMemory<byte> bytes) && !bytes.IsEmpty ? text.Decode(bytes.Span) : null;

    /// <summary>
    /// Reads a list of lists of URLs. Every string that stands outside an inner list is a tier of its own: a lone URL where a
    /// list belongs, or a flat list.
    /// </summary>
    private static List<List<string>> ReadTiers(RawValue value, TorrentText text)
    {
        var tiers = new List<List<string>>();
        if (!value.IsList)
        {
            if (ReadText(value, text) is { } url)
                tiers.Add([url]);
            return tiers;
        }

        BencodeReader reader = value.Open();
        reader.TryRead();
        while (reader.TryRead() == BencodeReadStatus.Token && reader.Depth > 0)
        {
            if (reader.TokenType == BencodeTokenType.StartList && reader.Depth == 1)
                tiers.Add([]);
            else if (reader.TokenType == BencodeTokenType.String && reader.Depth == 1)
                tiers.Add([text.Decode(reader.ValueSpan)]);
            else if (reader.TokenType == BencodeTokenType.String && tiers.Count > 0)
                tiers[^1].Add(text.Decode(reader.ValueSpan));
            else if (reader.TokenType is BencodeTokenType.StartDictionary or BencodeTokenType.StartList)
                reader.TrySkip();
        }

        return tiers;
    }

    private static List<DnsEndPoint> ReadNodes(RawValue value, TorrentText text)
    {
        var nodes = new List<DnsEndPoint>();
        if (!value.IsList)
            return nodes;

        BencodeReader reader = value.Open();
        reader.TryRead();
        while (reader.TryRead() == BencodeReadStatus.Token && reader.Depth > 0)
        {
            if (reader.TokenType != BencodeTokenType.StartList)
            {
                reader.TrySkip();
                continue;
            }

            string? host = null;
            long port = 0;
            while (reader.TryRead() == BencodeReadStatus.Token && reader.Depth > 1)
            {
                if (reader.TokenType == BencodeTokenType.String && reader.ValueSpan.Length <= LongestHost)
                    host ??= text.Decode(reader.ValueSpan).Trim();
                else if (!reader.TryGetInt64(out port))
                    reader.TrySkip();
            }

            if (!string.IsNullOrEmpty(host) && port is > 0 and <= IPEndPoint.MaxPort)
                nodes.Add(new DnsEndPoint(host, (int)port));
        }

        return nodes;
    }

    /// <summary>Reads seconds since 1970, or milliseconds where only those make a date; some programs wrote them, or digits.</summary>
    private static DateTimeOffset? ReadDate(RawValue value)
    {
        if (!value.TryGetInteger(out long date)
            && !(value.TryGetString(out ReadOnlyMemory<byte> digits)
                && long.TryParse(digits.Span, NumberStyles.None, CultureInfo.InvariantCulture, out date)))
        {
            return null;
        }

        if (date is >= 0 and <= 253402300799)
            return DateTimeOffset.FromUnixTimeSeconds(date);

        return date is > 0 and <= 253402300799999 ? DateTimeOffset.FromUnixTimeMilliseconds(date) : null;
    }

    private static MetainfoError? ReadLayers(RawValue value, InfoDictionary info, out PieceLayers layers)
    {
        var said = new Dictionary<InfoHashV2, ReadOnlyMemory<byte>>();
        if (value.IsDictionary)
        {
            BencodeReader reader = value.Open();
            reader.TryRead();
            while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
            {
                bool isRoot = reader.ValueSpan.Length == InfoHashV2.Length;
                InfoHashV2 root = isRoot ? new(reader.ValueSpan) : default;
                reader.TryRead();
                int length = reader.ValueSpan.Length;
                if (isRoot)
                    said.TryAdd(root, value.Bytes.Slice(reader.BytesConsumed - length, length));
                reader.TrySkip();
            }
        }

        if (PieceLayers.Take(info, said.GetValueOrDefault, out layers) is not var (file, problem))
            return null;

        return new(MetainfoErrorReason.PieceLayers, value.Offset, $"The piece layers of the file \"{file.DisplayPath}\" {problem}.");
    }
}
