using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Pieces;

public sealed class PiecePickerTests
{
    private const int Block = BlockRequest.BlockSize;

    [Fact]
    public void The_rarest_piece_is_asked_for_first()
    {
        PiecePicker picker = AfterRandomFirst(100, out PickerPeer seed);
        for (int i = 0; i < 3; i++)
            Join(picker, Enumerable.Range(0, 100).Where(piece => piece != 42).ToArray());

        Assert.All(Pick(picker, seed, 4), request => Assert.Equal(42, request.Piece));
    }

    [Fact]
    public void Equally_rare_pieces_are_chosen_at_random()
    {
        var seen = new HashSet<int>();
        for (int i = 0; i < 50; i++)
        {
            PiecePicker picker = AfterRandomFirst(50, out PickerPeer seed, random: i);
            seen.Add(Pick(picker, seed, 1)[0].Piece);
        }

        Assert.True(seen.Count > 20);
    }

    [Fact]
    public void The_first_pieces_are_not_the_rarest_but_random_ones()
    {
        var seen = new HashSet<int>();
        for (int i = 0; i < 20; i++)
        {
            PiecePicker picker = Make(100, random: i);
            PickerPeer seed = JoinSeed(picker);
            Join(picker, Enumerable.Range(1, 99).ToArray());
            seen.Add(Pick(picker, seed, 1)[0].Piece);
        }

        Assert.True(seen.Count > 10);
    }

    [Fact]
    public void A_piece_that_is_begun_is_finished_before_another_and_its_blocks_come_in_order()
    {
        PiecePicker picker = Make(20);
        PickerPeer seed = JoinSeed(picker);

        List<BlockRequest> requests = [.. Pick(picker, seed, 3), .. Pick(picker, seed, 5)];

        Assert.Equal([0, Block, 2 * Block, 3 * Block], requests.Take(4).Select(request => request.Offset));
        Assert.Single(requests.Take(4).Select(request => request.Piece).Distinct());
        Assert.Single(requests.Skip(4).Select(request => request.Piece).Distinct());
    }

    [Fact]
    public void Slow_peers_share_a_piece()
    {
        PiecePicker picker = Make(20);
        PickerPeer first = JoinSeed(picker);
        PickerPeer second = JoinSeed(picker);

        BlockRequest one = Assert.Single(Pick(picker, first, 1));
        BlockRequest other = Assert.Single(Pick(picker, second, 1));

        Assert.Equal(one with { Offset = Block }, other);
        Assert.Equal(1, picker.PartialPieces);
    }

    [Fact]
    public void Fast_peers_take_pieces_of_their_own_until_none_are_left()
    {
        PiecePicker picker = Make(2);
        PickerPeer first = JoinSeed(picker, rate: 10_000_000);
        PickerPeer second = JoinSeed(picker, rate: 10_000_000);
        PickerPeer slow = JoinSeed(picker);

        int one = Assert.Single(Pick(picker, first, 1)).Piece;
        int other = Assert.Single(Pick(picker, second, 1)).Piece;
        Assert.NotEqual(one, other);

        Assert.Equal(2, Pick(picker, slow, 2).Length);
    }

    [Fact]
    public void A_piece_left_to_a_fast_peer_is_free_again_when_that_leaves()
    {
        PiecePicker picker = Make(10);
        PickerPeer fast = JoinSeed(picker, rate: 10_000_000);
        PickerPeer slow = JoinSeed(picker);
        BlockRequest[] asked = Pick(picker, fast, 2);
        Assert.NotEqual(asked[0].Piece, Pick(picker, slow, 1)[0].Piece);
        picker.AbandonAll(slow);
        picker.Received(fast, asked[0]);

        picker.PeerLeft(fast);

        Assert.Equal(asked[1], Assert.Single(Pick(picker, slow, 1)));
    }

    [Fact]
    public void Pieces_begun_stay_few_however_many_peers_there_are()
    {
        PiecePicker picker = Make(2000);
        PickerPeer[] peers = Enumerable.Range(0, 40).Select(i => JoinSeed(picker, rate: i * 1000)).ToArray();
        var random = new Random(3);
        for (int i = 0; i < 3000; i++)
        {
            PickerPeer peer = peers[random.Next(peers.Length)];
            if (peer.Outstanding.Count < 3)
                Pick(picker, peer, 1);
            else
                Answer(picker, peer, peer.Outstanding[random.Next(3)]);
            Assert.InRange(picker.PartialPieces, 0, 100);
        }
    }

    [Fact]
    public void High_priority_comes_before_normal_before_low_and_skipped_never()
    {
        PiecePicker picker = Make(4, blocks: 1);
        picker.SetPriority(0, FilePriority.Skip);
        picker.SetPriority(1, FilePriority.Low);
        picker.SetPriority(3, FilePriority.High);

        Assert.Equal([3, 2, 1], Pick(picker, JoinSeed(picker), 10).Select(request => request.Piece));
        Assert.Equal(3L * Block, picker.WantedBytes);
    }

    [Fact]
    public void In_sequence_pieces_come_in_their_order()
    {
        PiecePicker picker = Make(700, blocks: 2);
        picker.Sequential = true;
        picker.MarkHave(1);
        PickerPeer fast = JoinSeed(picker, rate: 10_000_000);
        PickerPeer partial = Join(picker, 5, 650);

        Assert.Equal([5, 5, 650, 650], Pick(picker, partial, 5).Select(request => request.Piece));
        Assert.Equal([0, 0, 2, 2, 3, 3, 4, 4, 6, 6], Pick(picker, fast, 10).Select(request => request.Piece));
        Assert.Empty(Pick(picker, partial, 5));
    }

    [Fact]
    public void What_a_reader_waits_for_comes_first_even_if_a_fast_peer_has_it_to_itself()
    {
        PiecePicker picker = Make(20);
        PickerPeer fast = JoinSeed(picker, rate: 10_000_000);
        int held = Pick(picker, fast, 1)[0].Piece;
        int next = (held + 1) % 20;
        picker.SetHurry([held, next]);

        Assert.Equal([held, held, held, next, next, next, next], Pick(picker, JoinSeed(picker), 7).Select(request => request.Piece));
    }

    [Fact]
    public void A_late_piece_is_asked_again_of_a_faster_peer_only()
    {
        PiecePicker picker = Make(20);
        PickerPeer slow = JoinSeed(picker, rate: 10_000);
        picker.SetHurry([7], late: 1);
        BlockRequest[] asked = Pick(picker, slow, 4);

        Assert.DoesNotContain(7, Pick(picker, JoinSeed(picker, rate: 2000), 4).Select(request => request.Piece));
        Assert.Equal(asked, Pick(picker, JoinSeed(picker, rate: 1_000_000), 4));
    }

    [Fact]
    public void A_suggested_piece_is_preferred_to_another_new_one()
    {
        PiecePicker picker = AfterRandomFirst(100, out PickerPeer seed);
        seed.AddSuggested(5000);
        seed.AddSuggested(77);

        Assert.Equal(77, Pick(picker, seed, 1)[0].Piece);
    }

    [Fact]
    public void A_peer_that_chokes_us_is_asked_for_what_it_allows_all_the_same_only()
    {
        PiecePicker picker = Make(20);
        PickerPeer seed = JoinSeed(picker);
        Assert.Empty(Pick(picker, seed, 10, choked: true));

        seed.AddAllowedFast(3);
        seed.AddAllowedFast(99);

        Assert.Equal([3, 3, 3, 3], Pick(picker, seed, 10, choked: true).Select(request => request.Piece));
    }

    [Fact]
    public void Blocks_of_a_snubbed_peer_are_asked_of_others_and_still_welcome_from_it()
    {
        PiecePicker picker = Make(3);
        PickerPeer snubbed = JoinSeed(picker);
        PickerPeer other = JoinSeed(picker);
        BlockRequest[] asked = Pick(picker, snubbed, 4);

        picker.SetSnubbed(snubbed, true);

        Assert.Equal(asked, Pick(picker, other, 4));
        Assert.Equal(ReceiveResult.Accepted, picker.Received(snubbed, asked[0]));
        Assert.Equal([other], picker.AlsoAsked);
        Assert.Equal(ReceiveResult.Duplicate, picker.Received(other, asked[0]));
    }

    [Fact]
    public void A_peer_that_is_snubbed_no_more_has_its_blocks_to_itself_again()
    {
        PiecePicker picker = Make(3);
        PickerPeer snubbed = JoinSeed(picker);
        BlockRequest[] asked = Pick(picker, snubbed, 4);
        picker.SetSnubbed(snubbed, true);
        picker.SetSnubbed(snubbed, false);

        Assert.DoesNotContain(asked[0].Piece, Pick(picker, JoinSeed(picker), 4).Select(request => request.Piece));
    }

    [Fact]
    public void In_the_endgame_a_fast_peer_asks_again_for_what_a_slow_one_would_send_last()
    {
        PiecePicker picker = Make(1, blocks: 8);
        PickerPeer slow = JoinSeed(picker, rate: 20_000);
        PickerPeer fast = JoinSeed(picker, rate: 100_000);
        BlockRequest[] asked = Pick(picker, slow, 8);

        BlockRequest[] again = Pick(picker, fast, 8);

        Assert.Equal([7 * Block, 6 * Block], again.Take(2).Select(request => request.Offset));
        Assert.InRange(again.Length, 2, 7);
        Assert.Empty(Pick(picker, JoinSeed(picker, rate: 1000), 8));
        picker.Received(fast, again[0]);
        Assert.Equal([slow], picker.AlsoAsked);
        Assert.Equal(7, slow.Outstanding.Count);
        Assert.Equal(8, asked.Length);
    }

    [Fact]
    public void In_the_endgame_two_that_never_sent_anything_do_not_keep_a_block_from_one_that_did()
    {
        PiecePicker picker = Make(2, blocks: 1);
        PickerPeer good = JoinSeed(picker, rate: 100_000);
        picker.Received(good, Pick(picker, good, 1)[0]);
        picker.PieceDone(picker.IsReceived(0) ? 0 : 1, good: true);
        PickerPeer silent = JoinSeed(picker);
        BlockRequest last = Assert.Single(Pick(picker, silent, 4));
        PickerPeer alsoSilent = JoinSeed(picker, rate: 50_000);
        Assert.Equal([last], Pick(picker, alsoSilent, 4));

        Assert.Empty(Pick(picker, JoinSeed(picker, rate: 100_000), 4));
        Assert.Equal([last], Pick(picker, good, 4));
        picker.Received(good, last);
        Assert.Equal([silent, alsoSilent], picker.AlsoAsked);
    }

    [Fact]
    public void In_the_endgame_an_idle_peer_nothing_is_known_of_counts_as_the_others_do()
    {
        PiecePicker picker = Make(1, blocks: 8);
        PickerPeer slow = JoinSeed(picker, rate: 2000);
        JoinSeed(picker, rate: 98_000);
        Pick(picker, slow, 8);
        PickerPeer unknown = JoinSeed(picker);

        Assert.NotEmpty(Pick(picker, unknown, 2));
    }

    [Fact]
    public void In_the_endgame_two_slow_peers_do_not_keep_a_block_from_a_faster_third()
    {
        PiecePicker picker = Make(1, blocks: 1);
        Assert.Single(Pick(picker, JoinSeed(picker, rate: 1100), 1));
        Assert.Single(Pick(picker, JoinSeed(picker, rate: 3000), 1));

        Assert.Empty(Pick(picker, JoinSeed(picker, rate: 4000), 1));
        Assert.Single(Pick(picker, JoinSeed(picker, rate: 100_000), 1));
        Assert.Empty(Pick(picker, JoinSeed(picker, rate: 10_000_000), 1));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(300, false)]
    public void In_the_endgame_long_queues_are_not_looked_through_for_a_third_peer(int blocks, bool isAsked)
    {
        PiecePicker picker = Make(1, blocks);
        Assert.Equal(blocks, Pick(picker, JoinSeed(picker, rate: 1100), blocks).Length);
        Assert.Single(Pick(picker, JoinSeed(picker, rate: 3000), 1));

        BlockRequest[] again = Pick(picker, JoinSeed(picker, rate: 100_000), blocks);

        Assert.Equal(isAsked, again.Any(request => request.Offset == (blocks - 1) * Block));
    }

    [Fact]
    public void A_seed_is_asked_for_what_only_seeds_have_before_what_others_could_send_as_well()
    {
        PiecePicker picker = AfterRandomFirst(20, out PickerPeer seed);
        PickerPeer other = Join(picker, [.. Enumerable.Range(0, 19)]);
        BlockRequest begun = Pick(picker, other, 1)[0];

        BlockRequest[] asked = Pick(picker, seed, 5);

        Assert.All(asked[..4], request => Assert.Equal(19, request.Piece));
        Assert.Equal(begun.Piece, asked[4].Piece);
    }

    [Fact]
    public void There_is_no_endgame_while_a_block_is_open_somewhere()
    {
        PiecePicker picker = Make(2);
        PickerPeer slow = Join(picker, 0);
        Join(picker, 1);
        Pick(picker, slow, 4);

        Assert.Empty(Pick(picker, Join(picker, 0), 4));
    }

    [Fact]
    public void What_nobody_has_does_not_hold_up_the_endgame()
    {
        PiecePicker picker = Make(2);
        PickerPeer slow = Join(picker, 0);
        Pick(picker, slow, 4);
        PickerPeer fast = Join(picker, 0);
        fast.Rate = 1_000_000;

        Assert.NotEmpty(Pick(picker, fast, 4));
    }

    [Fact]
    public void A_piece_that_fails_is_fetched_again_and_its_senders_are_known_until_then()
    {
        PiecePicker picker = Make(1);
        PickerPeer seed = JoinSeed(picker);
        PickerPeer other = JoinSeed(picker);
        foreach (BlockRequest request in Pick(picker, seed, 3))
            picker.Received(seed, request);
        picker.Received(other, Pick(picker, other, 1)[0]);

        Assert.True(picker.IsReceived(0));
        Assert.Same(seed, picker.OwnerOf(0, 0));
        Assert.Same(other, picker.OwnerOf(0, 3));
        Assert.Empty(Pick(picker, seed, 4));

        picker.PieceDone(0, good: false);

        Assert.Null(picker.OwnerOf(0, 0));
        Assert.Equal(4, Pick(picker, seed, 4).Length);
    }

    [Fact]
    public void A_block_nobody_asked_for_is_not_accepted()
    {
        PiecePicker picker = Make(3);
        PickerPeer seed = JoinSeed(picker);
        int piece = Pick(picker, seed, 1)[0].Piece;

        Assert.Equal(ReceiveResult.Unrequested, picker.Received(seed, new(piece, Block, Block)));
        Assert.Equal(ReceiveResult.Unrequested, picker.Received(JoinSeed(picker), new(piece, 0, Block)));
        Assert.Equal(ReceiveResult.Unrequested, picker.Received(seed, new(piece, 0, Block - 1)));
        Assert.Equal(ReceiveResult.Unrequested, picker.Received(seed, new(99, 0, Block)));
    }

    [Fact]
    public void Without_pieces_everything_is_there()
    {
        var picker = new PiecePicker(new PieceGeometry(0, Block), new Random(1));
        PickerPeer seed = JoinSeed(picker);

        Assert.True(picker.IsComplete);
        Assert.False(picker.IsInteresting(seed));
        Assert.Empty(Pick(picker, seed, 4));
    }

    [Fact]
    public void A_peer_with_little_of_what_is_rare_still_gets_its_turn()
    {
        // Thousands of rarer pieces stand before the two that it has.
        PiecePicker picker = Make(5000);
        for (int i = 0; i < 4; i++)
            picker.MarkHave(i);
        Join(picker, Enumerable.Range(0, 5000).ToArray()[..^2]);
        Join(picker, 4998, 4999);
        PickerPeer peer = Join(picker, 4998, 4999);

        Assert.Equal([4998, 4999], Pick(picker, peer, 8).Select(request => request.Piece).Distinct().Order());
    }

    [Fact]
    public void Asking_and_answering_allocates_nothing_once_warm()
    {
        PiecePicker picker = Make(8000);
        PickerPeer[] peers = Enumerable.Range(0, 4).Select(i => JoinSeed(picker, rate: i * 1_000_000)).ToArray();
        var destination = new BlockRequest[16];

        Assert.Equal(0, Allocation.Least(Fetch));
        Assert.False(picker.IsComplete);

        void Fetch()
        {
            for (int i = 0; i < 200; i++)
            {
                PickerPeer peer = peers[i % peers.Length];
                int count = picker.Pick(peer, destination);
                for (int k = 0; k < count; k++)
                {
                    picker.Received(peer, destination[k]);
                    if (picker.IsReceived(destination[k].Piece))
                        picker.PieceDone(destination[k].Piece, good: true);
                }
            }
        }
    }

    [Fact]
    public void Four_hundred_thousand_pieces_cost_few_bytes_each()
    {
        var geometry = new PieceGeometry(400_000L * Block, Block);

        long allocated = Allocation.Least(() => _ = new PiecePicker(geometry, new Random(1)));

        Assert.InRange(allocated / geometry.PieceCount, 1, 20);
    }

    private static PiecePicker Make(int pieces, int blocks = 4, int random = 1) =>
        new(new PieceGeometry((long)pieces * blocks * Block, blocks * Block), new Random(random));

    // Past the first pieces, which are taken at random.
    private static PiecePicker AfterRandomFirst(int pieces, out PickerPeer seed, int random = 1)
    {
        PiecePicker picker = Make(pieces, random: random);
        for (int i = 0; i < 4; i++)
            picker.MarkHave(i);
        seed = JoinSeed(picker);
        return picker;
    }

    private static PickerPeer JoinSeed(PiecePicker picker, long rate = 0)
    {
        var peer = new PickerPeer { Rate = rate };
        picker.PeerJoined(peer);
        picker.PeerBecameSeed(peer);
        return peer;
    }

    private static PickerPeer Join(PiecePicker picker, params int[] pieces)
    {
        var peer = new PickerPeer();
        picker.PeerJoined(peer);
        foreach (int piece in pieces)
            picker.PeerHas(peer, piece);
        return peer;
    }

    private static BlockRequest[] Pick(PiecePicker picker, PickerPeer peer, int count, bool choked = false)
    {
        var destination = new BlockRequest[count];
        return destination[..picker.Pick(peer, destination, choked)];
    }

    private static void Answer(PiecePicker picker, PickerPeer peer, (int Piece, int Block) block)
    {
        Assert.Equal(ReceiveResult.Accepted, picker.Received(peer, picker.Geometry.RequestOf(block.Piece, block.Block)));
        if (picker.IsReceived(block.Piece))
            picker.PieceDone(block.Piece, good: true);
    }
}
