namespace OurTorrent.Protocol.Peers;

/// <summary>
/// What a peer says it can do in the eight reserved bytes of its handshake, read as one big-endian number. Bits without
/// a name here are kept as they came.
/// </summary>
[Flags]
public enum PeerCapabilities : ulong
{
    /// <summary>Nothing beyond BEP 3.</summary>
    None = 0,

    /// <summary>It has a DHT node and tells its port (BEP 5).</summary>
    Dht = 0x01,

    /// <summary>It knows have all, have none, suggest, reject and allowed fast (BEP 6).</summary>
    Fast = 0x04,

    /// <summary>It asked with a v1 info-hash but may be answered with the v2 one of the same hybrid torrent (BEP 52).</summary>
    HybridV2 = 0x10,

    /// <summary>It knows extended messages (BEP 10).</summary>
    ExtensionProtocol = 0x10_0000,
}
