using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class BitfieldTests
{
    [Fact]
    public void The_first_piece_is_the_high_bit_of_the_first_byte()
    {
        var bitfield = new Bitfield(10);
        bitfield.Add(0);
        bitfield.Add(9);

        Assert.Equal([0x80, 0x40], bitfield.Span.ToArray());
        Assert.Equal(2, bitfield.Count);
    }

    [Theory]
    [InlineData(10, new byte[] { 0xff, 0xc0 }, true)]
    [InlineData(10, new byte[] { 0xff, 0xe0 }, false)]
    [InlineData(10, new byte[] { 0xff }, false)]
    [InlineData(10, new byte[] { 0xff, 0xc0, 0 }, false)]
    [InlineData(8, new byte[] { 0x01 }, true)]
    [InlineData(0, new byte[0], true)]
    public void A_body_of_the_wrong_length_or_with_spare_bits_set_is_refused(int length, byte[] body, bool expected)
    {
        Assert.Equal(expected, Bitfield.TryParse(body, length, out _));
    }

    [Fact]
    public void A_full_set_leaves_the_spare_bits_clear()
    {
        var bitfield = new Bitfield(11);
        bitfield.Fill();

        Assert.True(bitfield.IsFull);
        Assert.Equal([0xff, 0xe0], bitfield.Span.ToArray());
        Assert.True(bitfield.Remove(3));
        Assert.False(bitfield.Remove(3));
        Assert.Equal(10, bitfield.Count);
    }
}
