using OurTorrent.Tracker.Udp;

namespace OurTorrent.Tracker.Tests.Udp;

public sealed class SipHashTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    /// <summary>The first of the reference vectors: the digests of no byte, of 00, of 00 01, and so on.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(3, 0x85676696d7fb7e2d)]
    [InlineData(4, 0xcf2794e0277187b7)]
    [InlineData(5, 0x18765564cd99a68d)]
    [InlineData(6, 0xcbc9466e58fee3ce)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(9, 0x9e0082df0ba9e4b0)]
    [InlineData(10, 0x7a5dbbc594ddb9f3)]
    [InlineData(11, 0xf4b32f46226bada7)]
    [InlineData(12, 0x751e8fbc860ee5fb)]
    [InlineData(13, 0x14ea5627c0843d90)]
    [InlineData(14, 0xf723ca908e7af2ee)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Digests_are_those_of_the_reference(int length, ulong expected) =>
        Assert.Equal(expected, new SipHash(Key).Of([.. Enumerable.Range(0, length).Select(i => (byte)i)]));

    [Fact]
    public void Eight_bytes_given_as_a_number_have_the_same_digest()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8];

        Assert.Equal(new SipHash(Key).Of(bytes), new SipHash(Key).Of(0x0807060504030201));
    }

    [Fact]
    public void Twenty_four_bytes_given_as_numbers_have_the_same_digest()
    {
        byte[] bytes = [.. Enumerable.Range(1, 24).Select(i => (byte)i)];

        Assert.Equal(new SipHash(Key).Of(bytes), new SipHash(Key).Of(0x0807060504030201, 0x100f0e0d0c0b0a09, 0x1817161514131211));
    }

    [Fact]
    public void A_key_of_another_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new SipHash(Key.AsSpan(1)));
}
