namespace OurTorrent.Bencoding;

/// <summary>The bytes are not bencode as the options demand it. Says where, what was expected and what was found.</summary>
public sealed class BencodeException : FormatException
{
    /// <summary>Creates the exception for an error.</summary>
    /// <param name="error">What is wrong with the bytes; its text becomes the message.</param>
    public BencodeException(BencodeError error)
        : base(error.ToString()) => Error = error;

    /// <summary>Creates an exception without an error's particulars.</summary>
    public BencodeException()
    {
    }

    /// <summary>Creates an exception without an error's particulars.</summary>
    /// <param name="message">What went wrong.</param>
    public BencodeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception without an error's particulars.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public BencodeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What is wrong with the bytes, and where.</summary>
    public BencodeError Error { get; }
}
