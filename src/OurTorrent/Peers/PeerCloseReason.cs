namespace OurTorrent.Peers;

/// <summary>Why a peer connection was closed. The first reason is the one that counts.</summary>
internal enum PeerCloseReason
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>No connection could be made.</summary>
    ConnectFailed,

    /// <summary>The peer closed it.</summary>
    ClosedByPeer,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>The handshake did not come in time.</summary>
    HandshakeTimeout,

    /// <summary>What came is not a BitTorrent handshake.</summary>
    NotBitTorrent,

    /// <summary>The handshake names a torrent we do not have, or another than we asked for.</summary>
    WrongInfoHash,

    /// <summary>We have connected to ourselves.</summary>
    Self,

    /// <summary>This peer is connected already.</summary>
    Duplicate,

    /// <summary>There is no room for more peers.</summary>
    TooManyPeers,

    /// <summary>The peer's address is banned.</summary>
    Banned,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError,

    /// <summary>The peer sent a block that was not asked for.</summary>
    UnrequestedBlock,

    /// <summary>Nothing was heard of the peer for too long.</summary>
    Inactive,

    /// <summary>Nothing came of it, and its place is wanted for another.</summary>
    NoUse,

    /// <summary>Neither side can want anything of the other.</summary>
    BothComplete,

    /// <summary>The torrent is being stopped.</summary>
    Stopping,
}
