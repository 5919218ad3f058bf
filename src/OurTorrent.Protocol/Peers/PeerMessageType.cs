namespace OurTorrent.Protocol.Peers;

/// <summary>The kinds of messages between peers, numbered as on the wire (BEP 3, 5, 6, 10, 52).</summary>
public enum PeerMessageType
{
    /// <summary>An empty frame, sent so that the connection is not taken for dead; has no number on the wire.</summary>
    KeepAlive = -1,

    /// <summary>The sender will not answer requests (BEP 3).</summary>
    Choke = 0,

    /// <summary>The sender will answer requests (BEP 3).</summary>
    Unchoke = 1,

    /// <summary>The sender wants pieces the receiver has (BEP 3).</summary>
    Interested = 2,

    /// <summary>The sender wants nothing the receiver has (BEP 3).</summary>
    NotInterested = 3,

    /// <summary>The sender has one more piece (BEP 3).</summary>
    Have = 4,

    /// <summary>Which pieces the sender has (BEP 3).</summary>
    Bitfield = 5,

    /// <summary>The sender asks for a block (BEP 3).</summary>
    Request = 6,

    /// <summary>A block of a piece (BEP 3).</summary>
    Piece = 7,

    /// <summary>The sender no longer needs a block it asked for (BEP 3).</summary>
    Cancel = 8,

    /// <summary>The UDP port of the sender's DHT node (BEP 5).</summary>
    Port = 9,

    /// <summary>The sender would like the receiver to ask for a piece (BEP 6).</summary>
    Suggest = 13,

    /// <summary>The sender has every piece (BEP 6).</summary>
    HaveAll = 14,

    /// <summary>The sender has no piece (BEP 6).</summary>
    HaveNone = 15,

    /// <summary>The sender will not answer a request (BEP 6).</summary>
    Reject = 16,

    /// <summary>The sender answers requests for a piece even while it chokes the receiver (BEP 6).</summary>
    AllowedFast = 17,

    /// <summary>A message of an extension, or the extension handshake (BEP 10).</summary>
    Extended = 20,

    /// <summary>The sender asks for hashes of a file's tree (BEP 52).</summary>
    HashRequest = 21,

    /// <summary>Hashes of a file's tree (BEP 52).</summary>
    Hashes = 22,

    /// <summary>The sender will not answer a hash request (BEP 52).</summary>
    HashReject = 23,
}
