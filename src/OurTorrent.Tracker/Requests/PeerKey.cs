namespace OurTorrent.Tracker.Requests;

/// <summary>What proves that a later announce comes from the same client, whatever the front it comes through.</summary>
internal static class PeerKey
{
    private const ulong Mixer = 0x9e3779b97f4a7c15;

    /// <summary>The key the client gave (BEP 7, BEP 15), or a digest of its id where it gave none.</summary>
    /// <param name="key">The key; zero for none.</param>
    /// <param name="peerId">The client's id.</param>
    public static uint Of(uint key, in PeerId peerId) => key != 0 ? key : DigestOf(peerId.Span);

    private static uint DigestOf(ReadOnlySpan<byte> id)
    {
        // The first eight bytes name the kind of client (BEP 20), so the others weigh most.
        ulong digest = BinaryPrimitives.ReadUInt64LittleEndian(id) * Mixer;
        digest = (digest ^ (digest >> 32) ^ BinaryPrimitives.ReadUInt64LittleEndian(id[8..])) * Mixer;
        digest = (digest ^ (digest >> 32) ^ BinaryPrimitives.ReadUInt32LittleEndian(id[16..])) * Mixer;
        return (uint)(digest >> 32);
    }
}
