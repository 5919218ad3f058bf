using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace OurTorrent.Protocol.Peers;

/// <summary>
/// The pieces a peer may have even while it is choked, so that it soon has something to trade (BEP 6). They follow from its
/// address and the torrent alone, so that a peer is offered the same few by everyone.
/// </summary>
public static class AllowedFastSet
{
    /// <summary>How many pieces BEP 6 proposes to allow.</summary>
    public const int DefaultCount = 10;

    // Each round gives five indices. A set that is small against the torrent needs few; the bound is for the others.
    private const int MaxRounds = 1000;

    /// <summary>Computes the set.</summary>
    /// <param name="peer">The address of the peer the pieces are allowed to. BEP 6 knows IPv4 only; for IPv6 the set is empty.</param>
    /// <param name="infoHash">The info-hash of the connection.</param>
    /// <param name="pieceCount">The number of pieces of the torrent.</param>
    /// <param name="pieces">Where to put the indices; its length is how many pieces to allow, usually <see cref="DefaultCount"/>.</param>
    /// <returns>How many indices were written, in the order of BEP 6: never more than the torrent has pieces.</returns>
    public static int Compute(IPAddress peer, InfoHash infoHash, int pieceCount, Span<int> pieces)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pieceCount);
        Span<byte> seed = stackalloc byte[4 + InfoHash.Length];
        if (!TryWriteIPv4(peer, seed))
            return 0;

        if (pieceCount <= pieces.Length)
        {
            for (int piece = 0; piece < pieceCount; piece++)
                pieces[piece] = piece;
            return pieceCount;
        }

        seed[3] = 0;
        infoHash.Span.CopyTo(seed[4..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(seed, hash);

        int count = 0;
        for (int round = 0; round < MaxRounds && count < pieces.Length; round++)
        {
            for (int i = 0; i < hash.Length && count < pieces.Length; i += sizeof(uint))
            {
                int piece = (int)(BinaryPrimitives.ReadUInt32BigEndian(hash[i..]) % (uint)pieceCount);
                if (!pieces[..count].Contains(piece))
                    pieces[count++] = piece;
            }

            SHA1.HashData(hash, hash);
        }

        return count;
    }

    private static bool TryWriteIPv4(IPAddress address, Span<byte> destination)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        return address.AddressFamily == AddressFamily.InterNetwork && address.TryWriteBytes(destination, out _);
    }
}
