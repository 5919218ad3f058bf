using System.Security.Cryptography;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Protocol.Tests.Metainfo;

public sealed class MerkleTreeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16384, 1)]
    [InlineData(16385, 2)]
    [InlineData(32769, 4)]
    [InlineData(5 * 16384, 8)]
    public void A_tree_has_a_power_of_two_of_leaves(long length, long leaves)
    {
        Assert.Equal(leaves, MerkleTree.LeavesOver(length));
    }

    [Fact]
    public void Leaves_past_the_end_are_zeros_and_hashes_past_the_end_are_those_of_zeros()
    {
        byte[] leaves = [.. Enumerable.Range(0, 5).SelectMany(i => SHA256.HashData([(byte)i]))];
        byte[] pairs = [.. Pair(leaves[..64]), .. Pair(leaves[64..128]), .. Pair([.. leaves[128..], .. new byte[32]])];
        Span<byte> root = stackalloc byte[32];
        Span<byte> fromPairs = stackalloc byte[32];

        MerkleTree.ComputeRoot(leaves, 1, 8, root);
        MerkleTree.ComputeRoot(pairs, 2, 4, fromPairs);

        byte[] zeros = Pair(new byte[64]);
        Assert.Equal(Pair([.. Pair(pairs[..64]), .. Pair([.. pairs[64..], .. zeros])]), root.ToArray());
        Assert.Equal(root.ToArray(), fromPairs.ToArray());
    }

    [Fact]
    public void One_hash_is_its_own_root()
    {
        byte[] leaf = SHA256.HashData("x"u8);
        byte[] root = new byte[32];

        MerkleTree.ComputeRoot(leaf, 1, 1, root);

        Assert.Equal(leaf, root);
    }

    [Theory]
    [InlineData(31, 1, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(64, 1, 1)]
    [InlineData(96, 1, 3)]
    [InlineData(32, 3, 1)]
    public void A_layer_that_cannot_be_is_refused(int length, int layerLeaves, long width)
    {
        Assert.Throws<ArgumentException>(() => MerkleTree.ComputeRoot(new byte[length], layerLeaves, width, new byte[32]));
    }

    private static byte[] Pair(byte[] hashes) => SHA256.HashData(hashes);
}
