using System.Runtime.CompilerServices;

namespace OurTorrent.Tracker.Swarms;

/// <summary>Peers of 18 bytes (BEP 7).</summary>
internal readonly unsafe struct IPv6Family : IPeerFamily
{
    /// <inheritdoc/>
    public static int Length => CompactPeer.IPv6Length;

    /// <inheritdoc/>
    public static int IndexOf(byte* peers, int count, byte* peer)
    {
        ulong high = Unsafe.ReadUnaligned<ulong>(peer);
        ulong low = Unsafe.ReadUnaligned<ulong>(peer + 8);
        ushort port = Unsafe.ReadUnaligned<ushort>(peer + 16);
        for (int i = 0; i < count; i++, peers += CompactPeer.IPv6Length)
        {
            if (Unsafe.ReadUnaligned<ulong>(peers + 8) == low &&
                Unsafe.ReadUnaligned<ulong>(peers) == high &&
                Unsafe.ReadUnaligned<ushort>(peers + 16) == port)
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public static uint Hash(byte* peer, in HashSecret secret) => (uint)secret.Of(
        Unsafe.ReadUnaligned<ulong>(peer), Unsafe.ReadUnaligned<ulong>(peer + 8), Unsafe.ReadUnaligned<ushort>(peer + 16));
}
