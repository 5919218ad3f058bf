namespace OurTorrent.Bencoding;

/// <summary>The four kinds of values bencode knows (BEP 3).</summary>
public enum BencodeValueKind
{
    /// <summary>An integer: <see cref="BencodeInteger"/>.</summary>
    Integer,

    /// <summary>A byte string: <see cref="BencodeString"/>.</summary>
    String,

    /// <summary>A list of values: <see cref="BencodeList"/>.</summary>
    List,

    /// <summary>A dictionary from byte strings to values: <see cref="BencodeDictionary"/>.</summary>
    Dictionary,
}
