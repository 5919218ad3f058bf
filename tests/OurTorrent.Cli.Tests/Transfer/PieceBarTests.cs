using OurTorrent.Cli.Transfer;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Cli.Tests.Transfer;

public sealed class PieceBarTests
{
    [Fact]
    public void Each_character_is_as_dark_as_its_part_is_complete()
    {
        var pieces = new Bitfield(40);
        for (int piece = 0; piece < 10; piece++)
            pieces.Add(piece);
        pieces.Add(10);
        for (int piece = 20; piece < 29; piece++)
            pieces.Add(piece);

        Assert.Equal("█░▓ ", PieceBar.Draw(pieces, 4, unicode: true));
        Assert.Equal("#.+ ", PieceBar.Draw(pieces, 4, unicode: false));
    }

    [Fact]
    public void Fewer_pieces_than_characters_are_stretched()
    {
        var pieces = new Bitfield(2);
        pieces.Add(1);

        Assert.Equal("   ███", PieceBar.Draw(pieces, 6, unicode: true));
    }

    [Fact]
    public void Content_without_pieces_is_whole() => Assert.Equal("███", PieceBar.Draw(new Bitfield(0), 3, unicode: true));

    [Fact]
    public void A_part_is_drawn_as_whole_only_when_it_is()
    {
        var pieces = new Bitfield(1000);
        for (int piece = 0; piece < 999; piece++)
            pieces.Add(piece);

        Assert.Equal("▓", PieceBar.Draw(pieces, 1, unicode: true));
    }
}
