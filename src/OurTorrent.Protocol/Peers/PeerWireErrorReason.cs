namespace OurTorrent.Protocol.Peers;

/// <summary>In which way a peer broke the protocol.</summary>
public enum PeerWireErrorReason
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>A frame is longer than a message of its kind may be.</summary>
    FrameTooLong,

    /// <summary>A frame is shorter than a message of its kind must be.</summary>
    FrameTooShort,

    /// <summary>A block is said to lie in a piece, or at an offset, beyond what 31 bits can number.</summary>
    BlockOutOfRange,
}
