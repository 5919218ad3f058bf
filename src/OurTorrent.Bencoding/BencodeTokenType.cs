namespace OurTorrent.Bencoding;

/// <summary>What a <see cref="BencodeReader"/> stands on.</summary>
public enum BencodeTokenType
{
    /// <summary>Nothing has been read yet, or the last read failed.</summary>
    None,

    /// <summary>An integer, as in <c>i42e</c>.</summary>
    Integer,

    /// <summary>A byte string that is a value, as in <c>4:spam</c>.</summary>
    String,

    /// <summary>A byte string that is the key of a dictionary's entry; its value comes next.</summary>
    Key,

    /// <summary>The <c>l</c> that opens a list.</summary>
    StartList,

    /// <summary>The <c>e</c> that closes a list.</summary>
    EndList,

    /// <summary>The <c>d</c> that opens a dictionary.</summary>
    StartDictionary,

    /// <summary>The <c>e</c> that closes a dictionary.</summary>
    EndDictionary,
}
