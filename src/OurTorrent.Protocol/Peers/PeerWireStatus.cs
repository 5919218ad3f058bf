namespace OurTorrent.Protocol.Peers;

/// <summary>What <see cref="PeerWireDecoder.Read"/> found.</summary>
public enum PeerWireStatus
{
    /// <summary>All input is used up; go on when more has come.</summary>
    NeedMore,

    /// <summary>A whole message other than <c>piece</c>.</summary>
    Message,

    /// <summary>A <c>piece</c> message begins: <see cref="PeerMessage.Block"/> says which block will come.</summary>
    BlockBegin,

    /// <summary>The next bytes of the block: <see cref="PeerMessage.Body"/>, which belong at <see cref="PeerMessage.Position"/>.</summary>
    BlockData,

    /// <summary>The block is whole.</summary>
    BlockEnd,

    /// <summary>The peer broke the protocol; <see cref="PeerWireDecoder.Error"/> says how. Nothing more is read.</summary>
    Invalid,
}
