namespace OurTorrent.Protocol.Metainfo;

/// <summary>Why bytes were refused as a torrent.</summary>
public enum MetainfoErrorReason
{
    /// <summary>The bytes are not bencoded, or the encoding breaks off or goes on after its end (BEP 3).</summary>
    NotBencoded,

    /// <summary>A value has another type than the key demands.</summary>
    WrongType,

    /// <summary>A key without which there is no torrent is missing.</summary>
    MissingKey,

    /// <summary>A key that decides what the torrent is stands twice, so that two readers could see two torrents.</summary>
    DuplicateKey,

    /// <summary>The torrent is of a later format than this one knows (BEP 52, <c>meta version</c>).</summary>
    UnsupportedVersion,

    /// <summary>The piece length is zero, negative, over the limit, or for v2 not a power of two of at least 16 KiB.</summary>
    PieceLength,

    /// <summary>A length is negative, or the lengths together exceed what can be counted.</summary>
    FileLength,

    /// <summary>The piece hashes are not whole, or their number does not fit the content.</summary>
    PieceCount,

    /// <summary>There is no file, a file without a path, or a path nested too deeply.</summary>
    Files,

    /// <summary>The piece layers are missing, of the wrong length, or do not hash to the root of their file (BEP 52).</summary>
    PieceLayers,

    /// <summary>The v1 and the v2 description of a hybrid torrent disagree (BEP 52).</summary>
    Inconsistent,
}
