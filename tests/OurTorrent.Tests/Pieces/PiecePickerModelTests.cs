using CsCheck;
using OurTorrent.Pieces;

namespace OurTorrent.Tests.Pieces;

public sealed class PiecePickerModelTests
{
    [Fact]
    public void Whatever_happens_the_picker_agrees_with_a_plain_account_of_it_and_gets_everything()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 20], Gen.Int[1, 5], Gen.Int[1, 5 * 16384], Gen.Int[0, 17].Array[0, 300])
            .Sample((seed, pieces, blocks, last, steps) =>
            {
                int pieceLength = blocks * 16384;
                var geometry = new PieceGeometry(((pieces - 1L) * pieceLength) + Math.Min(last, pieceLength), pieceLength);
                Run(geometry, seed, steps);
            }, iter: 100);
    }

    [Fact]
    public void Whatever_happens_pieces_of_different_lengths_are_no_different()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 4 * 16384].Array[1, 20], Gen.Int[0, 17].Array[0, 300])
            .Sample((seed, lengths, steps) => Run(new PieceGeometry(4 * 16384, lengths), seed, steps), iter: 100);
    }

    private static void Run(PieceGeometry geometry, int seed, int[] steps)
    {
        var model = new PickerModel(geometry, seed);
        foreach (int step in steps)
            model.Step(step);
        model.Finish();
    }
}
