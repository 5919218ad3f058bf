using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>Peers of 6 bytes (BEP 23).</summary>
internal readonly unsafe struct IPv4Family : IPeerFamily
{
    private const ulong Bits = 0xFFFF_FFFF_FFFF;

    /// <inheritdoc/>
    public static int Length => CompactPeer.IPv4Length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(byte* peers, int count, byte* peer)
    {
        // Shifted left, the two bytes of the next peer fall out.
        ulong wanted = Unsafe.ReadUnaligned<ulong>(peer) << 16;
        for (int i = 0; i < count; i++, peers += CompactPeer.IPv4Length)
        {
            if (Unsafe.ReadUnaligned<ulong>(peers) << 16 == wanted)
                return i;
        }

        return -1;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(byte* peer, in HashSecret secret) => (uint)secret.Of(Unsafe.ReadUnaligned<ulong>(peer) & Bits);
}
