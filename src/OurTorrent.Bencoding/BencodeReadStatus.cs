namespace OurTorrent.Bencoding;

/// <summary>How <see cref="BencodeReader.TryRead"/> ended.</summary>
public enum BencodeReadStatus
{
    /// <summary>The reader stands on a token.</summary>
    Token,

    /// <summary>The value has been read whole; there is nothing more to read.</summary>
    End,

    /// <summary>The bytes are not bencode as the options demand it; <see cref="BencodeReader.Error"/> says why.</summary>
    Invalid,
}
