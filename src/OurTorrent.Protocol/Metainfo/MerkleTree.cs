using System.Numerics;
using System.Security.Cryptography;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>The SHA-256 hash trees of v2 torrents, over blocks of 16 KiB (BEP 52).</summary>
public static class MerkleTree
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>The length in bytes of the block that a leaf covers; the last block of a file may be shorter.</summary>
    public const int BlockLength = 16 * 1024;

    /// <summary>The number of leaves of the smallest whole tree over a stretch of a file.</summary>
    /// <param name="length">The length of the stretch in bytes, more than 0.</param>
    public static long LeavesOver(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return (long)BitOperations.RoundUpToPowerOf2((ulong)((length - 1) / BlockLength) + 1);
    }

    /// <summary>Computes the root above one layer of a tree.</summary>
    /// <param name="layer">The hashes of the layer end to end, at least one; those that cover nothing of the file left out.</param>
    /// <param name="layerLeaves">How many leaves one hash of the layer covers, a power of two: 1 for the leaves themselves.</param>
    /// <param name="width">How many hashes the layer has with those left out, a power of two.</param>
    /// <param name="root">Receives the 32 bytes of the root.</param>
    /// <exception cref="ArgumentException">The layer is not a whole number of hashes from 1 to <paramref name="width"/>, or a number is no power of two.</exception>
    public static void ComputeRoot(ReadOnlySpan<byte> layer, int layerLeaves, long width, Span<byte> root)
    {
        int count = layer.Length / HashLength;
        if (layer.Length % HashLength != 0 || count == 0 || count > width)
            throw new ArgumentException($"A layer of {width} hashes of {HashLength} bytes was expected; {layer.Length} bytes were given.", nameof(layer));
        if (!BitOperations.IsPow2(layerLeaves) || !BitOperations.IsPow2(width))
            throw new ArgumentException($"The layer's width {width} and its leaves per hash {layerLeaves} must be powers of two.", nameof(width));

        Span<byte> padding = stackalloc byte[HashLength];
        Span<byte> pair = stackalloc byte[2 * HashLength];
        padding.Clear();
        for (int covered = 1; covered < layerLeaves; covered *= 2)
            Double(padding, pair);

        byte[] scratch = ArrayPool<byte>.Shared.Rent(layer.Length);
        try
        {
            layer.CopyTo(scratch);
            for (; width > 1; width /= 2)
            {
                for (int i = 0; i < count; i += 2)
                {
                    scratch.AsSpan(i * HashLength, HashLength).CopyTo(pair);
                    (i + 1 < count ? scratch.AsSpan((i + 1) * HashLength, HashLength) : padding).CopyTo(pair[HashLength..]);
                    SHA256.HashData(pair, scratch.AsSpan(i / 2 * HashLength, HashLength));
                }

                count = (count + 1) / 2;
                Double(padding, pair);
            }

            scratch.AsSpan(0, HashLength).CopyTo(root);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static void Double(Span<byte> padding, Span<byte> pair)
    {
        padding.CopyTo(pair);
        padding.CopyTo(pair[HashLength..]);
        SHA256.HashData(pair, padding);
    }
}
