using BenchmarkDotNet.Attributes;
using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Benchmarks.Pieces;

/// <summary>
/// Chooses blocks for one peer after the other, takes them as received and their pieces as verified; a piece is lost again at
/// once, so that the work never runs out. Gate: 0 bytes allocated. One operation is one block. Shows that the cost does not
/// grow with the pieces, and how it grows with the peers.
/// </summary>
[MemoryDiagnoser]
public class PiecePickerBenchmarks
{
    private const int BlocksPerPiece = 16;
    private const int PieceLength = BlocksPerPiece * BlockRequest.BlockSize;
    private const int BatchSize = 32;
    private const int Batches = 128;

    private readonly BlockRequest[] _batch = new BlockRequest[BatchSize];
    private PickerPeer[] _peers = [];
    private PiecePicker? _picker;
    private int _turn;

    /// <summary>How many peers are connected: one seed, or a fifth of them seeds and the others with half of the pieces each.</summary>
    [Params(1, 50)]
    public int Peers { get; set; }

    /// <summary>How many pieces of 256 KiB the content has: 1 GiB, and 98 GiB.</summary>
    [Params(4096, 400_000)]
    public int Pieces { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var picker = new PiecePicker(new PieceGeometry((long)Pieces * PieceLength, PieceLength), random);
        _peers = new PickerPeer[Peers];
        for (int i = 0; i < Peers; i++)
        {
            var peer = new PickerPeer { Rate = 1_000_000 * (i + 1) };
            picker.PeerJoined(peer);
            if (i % 5 == 0)
                picker.PeerBecameSeed(peer);
            else
                picker.PeerHas(peer, HalfOf(Pieces, random));
            _peers[i] = peer;
        }

        _picker = picker;
    }

    [Benchmark(OperationsPerInvoke = Batches * BatchSize)]
    public int PickAndReceive()
    {
        PiecePicker picker = _picker!;
        int total = 0;
        for (int i = 0; i < Batches; i++)
        {
            PickerPeer peer = _peers[_turn++ % _peers.Length];
            int picked = picker.Pick(peer, _batch);
            total += picked;
            foreach (BlockRequest block in _batch.AsSpan(0, picked))
            {
                picker.Received(peer, block);
                if (!picker.IsReceived(block.Piece))
                    continue;
                picker.PieceDone(block.Piece, good: true);
                picker.Lost(block.Piece);
            }
        }

        return total == Batches * BatchSize ? total : throw new InvalidOperationException($"Only {total} blocks were picked.");
    }

    private static Bitfield HalfOf(int pieces, Random random)
    {
        var half = new Bitfield(pieces);
        for (int piece = 0; piece < pieces; piece++)
        {
            if (random.Next(2) == 0)
                half.Add(piece);
        }

        return half;
    }
}
