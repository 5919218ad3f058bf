using System.Buffers;
using System.Globalization;
using System.Numerics;
using OurTorrent.Bencoding;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>Writes a .torrent file (BEP 3, BEP 12, BEP 19, BEP 27, BEP 47, BEP 52).</summary>
internal sealed class TorrentDocument
{
    private readonly ContentSource _source;
    private readonly ContentLayout _layout;
    private readonly PieceHashes _hashes;
    private readonly TorrentCreateOptions _options;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly BencodeWriter _writer;
    private readonly bool _isV1;
    private readonly bool _isV2;

    /// <summary>Gathers what is to be written.</summary>
    public TorrentDocument(ContentSource source, ContentLayout layout, PieceHashes hashes, TorrentCreateOptions options)
    {
        _source = source;
        _layout = layout;
        _hashes = hashes;
        _options = options;
        _isV1 = options.Version != TorrentVersion.V2;
        _isV2 = options.Version != TorrentVersion.V1;
        _writer = new BencodeWriter(_output);
    }

    /// <summary>Writes it all. Can be called once.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        List<string[]> tiers = [.. _options.Trackers.Where(tier => tier.Count > 0).Select(tier => tier.ToArray())];
        _writer.WriteStartDictionary();
        if (tiers.Count > 0)
            _writer.WriteString("announce"u8, tiers[0][0]);

        if (tiers.Count > 1 || tiers is [{ Length: > 1 }])
            WriteTiers(tiers);

        WriteText("comment"u8, _options.Comment);
        WriteText("created by"u8, _options.CreatedBy);
        if (_options.WithCreationDate)
            _writer.WriteInteger("creation date"u8, _options.TimeProvider.GetUtcNow().ToUnixTimeSeconds());

        WriteInfo();
        if (_isV2)
            WritePieceLayers();

        if (_options.WebSeeds.Count > 0)
            WriteList("url-list"u8, _options.WebSeeds);

        _writer.WriteEndDictionary();
        _writer.Complete();
        return _output.WrittenMemory;
    }

    private void WriteInfo()
    {
        _writer.WriteStartDictionary("info"u8);
        if (_isV2)
            WriteFileTree();

        if (_isV1 && _source.IsSingleFile)
            _writer.WriteInteger("length"u8, _source.TotalLength);
        else if (_isV1)
            WriteFiles();

        if (_isV2)
            _writer.WriteInteger("meta version"u8, 2);

        _writer.WriteString("name"u8, _source.Name);
        _writer.WriteInteger("piece length"u8, _layout.PieceLength);
        if (_isV1)
            _writer.WriteString("pieces"u8, _hashes.V1);

        if (_options.IsPrivate)
            _writer.WriteInteger("private"u8, 1);

        WriteText("source"u8, _options.Source);
        _writer.WriteEndDictionary();
    }

    private void WriteFiles()
    {
        _writer.WriteStartList("files"u8);
        foreach (ContentSpan span in _layout.Spans)
        {
            _writer.WriteStartDictionary();
            if (span.File is null)
                _writer.WriteString("attr"u8, "p"u8);

            _writer.WriteInteger("length"u8, span.Length);
            _writer.WriteStartList("path"u8);
            if (span.File is null)
            {
                _writer.WriteString(".pad"u8);
                _writer.WriteString(span.Length.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                foreach (byte[] name in span.File.Names)
                    _writer.WriteString(name);
            }

            _writer.WriteEndList();
            _writer.WriteEndDictionary();
        }

        _writer.WriteEndList();
    }

    // The files are in the order of the tree, so each shares its first folders with the one before, and only the rest is opened.
    private void WriteFileTree()
    {
        _writer.WriteStartDictionary("file tree"u8);
        IReadOnlyList<byte[]> open = [];
        foreach (ContentSpan span in _layout.Spans)
        {
            if (span.File is null)
                continue;

            IReadOnlyList<byte[]> names = span.File.Names;
            int shared = 0;
            while (shared < open.Count - 1 && shared < names.Count - 1 && open[shared].AsSpan().SequenceEqual(names[shared]))
                shared++;

            for (int i = open.Count - 1; i > shared; i--)
                _writer.WriteEndDictionary();

            for (int i = shared; i < names.Count; i++)
                _writer.WriteStartDictionary(names[i]);

            _writer.WriteStartDictionary(""u8);
            _writer.WriteInteger("length"u8, span.Length);
            if (span.Length > 0)
                _writer.WriteString("pieces root"u8, RootOf(span));

            _writer.WriteEndDictionary();
            _writer.WriteEndDictionary();
            open = names;
        }

        for (int i = open.Count - 1; i > 0; i--)
            _writer.WriteEndDictionary();

        _writer.WriteEndDictionary();
    }

    private void WritePieceLayers()
    {
        // Files of the same content have the same root, and their layer is written once.
        BencodeDictionary layers = [];
        foreach (ContentSpan span in _layout.Spans)
        {
            if (span.File is not null && span.Length > _layout.PieceLength)
                layers[RootOf(span)] = LayerOf(span);
        }

        _writer.WriteKey("piece layers"u8);
        layers.WriteTo(_writer);
    }

    private byte[] RootOf(ContentSpan span)
    {
        ReadOnlySpan<byte> layer = LayerOf(span);
        if (span.Length <= _layout.PieceLength)
            return layer.ToArray();

        byte[] root = new byte[MerkleTree.HashLength];
        int layerLeaves = _layout.PieceLength / MerkleTree.BlockLength;
        uint pieces = BitOperations.RoundUpToPowerOf2((uint)(layer.Length / MerkleTree.HashLength));
        MerkleTree.ComputeRoot(layer, layerLeaves, pieces, root);
        return root;
    }

    private ReadOnlySpan<byte> LayerOf(ContentSpan span)
    {
        int first = (int)(span.Offset / _layout.PieceLength);
        int count = (int)((span.Length + _layout.PieceLength - 1) / _layout.PieceLength);
        return _hashes.V2.AsSpan(first * MerkleTree.HashLength, count * MerkleTree.HashLength);
    }

    private void WriteTiers(List<string[]> tiers)
    {
        _writer.WriteStartList("announce-list"u8);
        foreach (string[] tier in tiers)
        {
            _writer.WriteStartList();
            foreach (string url in tier)
                _writer.WriteString(url);

            _writer.WriteEndList();
        }

        _writer.WriteEndList();
    }

    private void WriteList(ReadOnlySpan<byte> key, IReadOnlyList<string> items)
    {
        _writer.WriteStartList(key);
        foreach (string item in items)
            _writer.WriteString(item);

        _writer.WriteEndList();
    }

    private void WriteText(ReadOnlySpan<byte> key, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            _writer.WriteString(key, text);
    }
}
