namespace OurTorrent.Bencoding;

/// <summary>Why bytes were refused as bencode. The members are stable: callers may branch on them.</summary>
public enum BencodeErrorReason
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The input ends within a value; more bytes might complete it.</summary>
    UnexpectedEnd,

    /// <summary>A byte that cannot stand where it stands.</summary>
    UnexpectedByte,

    /// <summary>A dictionary's key is not a byte string.</summary>
    KeyNotString,

    /// <summary>A dictionary ends after a key, without the key's value.</summary>
    MissingValue,

    /// <summary>An integer or a string's length has a zero before its first digit, as in <c>i007e</c>.</summary>
    LeadingZero,

    /// <summary>The integer is <c>i-0e</c>.</summary>
    NegativeZero,

    /// <summary>The integer does not fit into 64 bits with sign.</summary>
    IntegerOverflow,

    /// <summary>A dictionary's keys are not in ascending order of their bytes.</summary>
    UnsortedKey,

    /// <summary>A dictionary has the same key twice.</summary>
    DuplicateKey,

    /// <summary>Lists and dictionaries are nested deeper than allowed.</summary>
    TooDeep,

    /// <summary>Bytes follow the value.</summary>
    TrailingBytes,

    /// <summary>The input is longer than the caller allowed.</summary>
    TooLong,
}
