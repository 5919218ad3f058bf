using System.Net;
using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <content>Writing a .torrent file.</content>
public sealed partial class TorrentMetainfo
{
    /// <summary>
    /// The bytes of a .torrent file that reads back as this torrent. The info dictionary is written as it was found, so the
    /// info-hashes stay; the keys around it that this type does not know are not kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">Piece layers are missing, see <see cref="HasPieceLayers"/>: without them no client could read the file.</exception>
    public byte[] ToBytes()
    {
        if (Version != TorrentVersion.V1 && !HasPieceLayers)
            throw new InvalidOperationException("The piece layers of this torrent are not known yet, so no .torrent file can be written.");

        var output = new ArrayBufferWriter<byte>(RawInfo.Length + 1024);
        var writer = new BencodeWriter(output);
        writer.WriteStartDictionary();
        if (Trackers.Count > 0)
            writer.WriteString("announce"u8, Trackers[0][0]);
        if (Trackers.Count > 1 || Trackers is [{ Count: > 1 }])
            WriteTiers(writer);
        WriteText(writer, "comment"u8, Comment);
        WriteText(writer, "created by"u8, CreatedBy);
        if (CreationDate is { } date)
            writer.WriteInteger("creation date"u8, date.ToUnixTimeSeconds());
        WriteText(writer, "encoding"u8, Encoding);
        WriteUrls(writer, "httpseeds"u8, HttpSeeds);
        writer.WriteKey("info"u8);
        writer.WriteRaw(RawInfo.Span);
        WriteNodes(writer);
        if (Version != TorrentVersion.V1)
            WriteLayers(writer);
        WriteUrls(writer, "url-list"u8, WebSeeds);
        writer.WriteEndDictionary();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The same torrent with other trackers; its info-hashes stay.</summary>
    /// <param name="trackers">The announce URLs in tiers (BEP 12).</param>
    public TorrentMetainfo WithTrackers(IReadOnlyList<IReadOnlyList<string>> trackers)
    {
        ArgumentNullException.ThrowIfNull(trackers);
        return new TorrentMetainfo(_info, _surroundings with { Trackers = MetainfoParser.Normalize(trackers) }, _layers);
    }

    private static void WriteText(BencodeWriter writer, ReadOnlySpan<byte> key, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            writer.WriteString(key, text);
    }

    private static void WriteUrls(BencodeWriter writer, ReadOnlySpan<byte> key, IReadOnlyList<string> urls)
    {
        if (urls.Count == 0)
            return;

        writer.WriteStartList(key);
        foreach (string url in urls)
            writer.WriteString(url);
        writer.WriteEndList();
    }

    private void WriteTiers(BencodeWriter writer)
    {
        writer.WriteStartList("announce-list"u8);
        foreach (IReadOnlyList<string> tier in Trackers)
        {
            writer.WriteStartList();
            foreach (string url in tier)
                writer.WriteString(url);
            writer.WriteEndList();
        }

        writer.WriteEndList();
    }

    private void WriteNodes(BencodeWriter writer)
    {
        if (Nodes.Count == 0)
            return;

        writer.WriteStartList("nodes"u8);
        foreach (DnsEndPoint node in Nodes)
        {
            writer.WriteStartList();
            writer.WriteString(node.Host);
            writer.WriteInteger(node.Port);
            writer.WriteEndList();
        }

        writer.WriteEndList();
    }

    private void WriteLayers(BencodeWriter writer)
    {
        writer.WriteStartDictionary("piece layers"u8);
        foreach ((InfoHashV2 root, ReadOnlyMemory<byte> layer) in _layers.InKeyOrder())
            writer.WriteString(root.Span, layer.Span);
        writer.WriteEndDictionary();
    }
}
