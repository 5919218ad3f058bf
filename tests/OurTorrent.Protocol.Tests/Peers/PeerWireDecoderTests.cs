using System.Buffers.Binary;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class PeerWireDecoderTests
{
    [Theory]
    [InlineData(0, PeerMessageType.Choke)]
    [InlineData(1, PeerMessageType.Unchoke)]
    [InlineData(2, PeerMessageType.Interested)]
    [InlineData(3, PeerMessageType.NotInterested)]
    [InlineData(14, PeerMessageType.HaveAll)]
    [InlineData(15, PeerMessageType.HaveNone)]
    public void A_message_without_a_body_is_its_id(byte id, PeerMessageType expected)
    {
        Assert.Equal([$"{expected} "], DecodedStream.Read([0, 0, 0, 1, id]).Events);
    }

    [Fact]
    public void A_keep_alive_is_a_message()
    {
        Assert.Equal(["KeepAlive ", "KeepAlive "], DecodedStream.Read([0, 0, 0, 0, 0, 0, 0, 0]).Events);
    }

    [Fact]
    public void A_message_that_lies_whole_in_the_input_is_not_copied()
    {
        byte[] wire = [0, 0, 0, 5, 4, 0, 0, 1, 2];
        using var decoder = new PeerWireDecoder();
        ReadOnlySpan<byte> input = wire;

        Assert.Equal(PeerWireStatus.Message, decoder.Read(ref input, out PeerMessage message));

        Assert.True(message.Body.Overlaps(wire, out int offset));
        Assert.Equal(-5, offset);
        Assert.True(message.TryGetPiece(out int piece));
        Assert.Equal(258, piece);
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void A_block_comes_in_the_fragments_the_input_has()
    {
        byte[] wire = [0, 0, 0, 14, 7, 0, 0, 0, 3, 0, 0, 0x40, 0, 1, 2, 3, 4, 5];
        using var decoder = new PeerWireDecoder();

        ReadOnlySpan<byte> input = wire.AsSpan(0, 15);
        Assert.Equal(PeerWireStatus.BlockBegin, decoder.Read(ref input, out PeerMessage message));
        Assert.Equal(new BlockRequest(3, 0x4000, 5), message.Block);
        Assert.Equal(PeerWireStatus.BlockData, decoder.Read(ref input, out message));
        Assert.Equal(0, message.Position);
        Assert.Equal([1, 2], message.Body.ToArray());
        Assert.True(message.Body.Overlaps(wire));
        Assert.Equal(PeerWireStatus.NeedMore, decoder.Read(ref input, out _));
        Assert.True(decoder.IsInBlock);

        input = wire.AsSpan(15);
        Assert.Equal(PeerWireStatus.BlockData, decoder.Read(ref input, out message));
        Assert.Equal(2, message.Position);
        Assert.Equal([3, 4, 5], message.Body.ToArray());
        Assert.Equal(PeerWireStatus.BlockEnd, decoder.Read(ref input, out message));
        Assert.Equal(new BlockRequest(3, 0x4000, 5), message.Block);
        Assert.False(decoder.IsInBlock);
        Assert.Equal(PeerWireStatus.NeedMore, decoder.Read(ref input, out _));
    }

    [Theory]
    [InlineData(PeerMessageType.Choke, 2, PeerWireErrorReason.FrameTooLong, 1)]
    [InlineData(PeerMessageType.Have, 4, PeerWireErrorReason.FrameTooShort, 5)]
    [InlineData(PeerMessageType.Have, 6, PeerWireErrorReason.FrameTooLong, 5)]
    [InlineData(PeerMessageType.Request, 12, PeerWireErrorReason.FrameTooShort, 13)]
    [InlineData(PeerMessageType.Cancel, 14, PeerWireErrorReason.FrameTooLong, 13)]
    [InlineData(PeerMessageType.Reject, 14, PeerWireErrorReason.FrameTooLong, 13)]
    [InlineData(PeerMessageType.Suggest, 6, PeerWireErrorReason.FrameTooLong, 5)]
    [InlineData(PeerMessageType.AllowedFast, 4, PeerWireErrorReason.FrameTooShort, 5)]
    [InlineData(PeerMessageType.Port, 2, PeerWireErrorReason.FrameTooShort, 3)]
    [InlineData(PeerMessageType.Piece, 9, PeerWireErrorReason.FrameTooShort, 10)]
    [InlineData(PeerMessageType.Piece, 16394, PeerWireErrorReason.FrameTooLong, 16393)]
    [InlineData(PeerMessageType.Bitfield, 4, PeerWireErrorReason.FrameTooLong, 3)]
    [InlineData(PeerMessageType.Bitfield, 2, PeerWireErrorReason.FrameTooShort, 3)]
    [InlineData(PeerMessageType.Extended, 1, PeerWireErrorReason.FrameTooShort, 2)]
    [InlineData(PeerMessageType.Extended, 1048577, PeerWireErrorReason.FrameTooLong, 1048576)]
    [InlineData(PeerMessageType.HashRequest, 48, PeerWireErrorReason.FrameTooShort, 49)]
    [InlineData(PeerMessageType.Hashes, 2000000, PeerWireErrorReason.FrameTooLong, 18481)]
    [InlineData(PeerMessageType.HashReject, 50, PeerWireErrorReason.FrameTooLong, 49)]
    [InlineData((PeerMessageType)99, 1048577, PeerWireErrorReason.FrameTooLong, 1048576)]
    [InlineData(PeerMessageType.Have, 0xffff_ffffL, PeerWireErrorReason.FrameTooLong, 5)]
    public void A_frame_of_a_length_its_kind_cannot_have_is_refused_before_its_body_comes(
        PeerMessageType type, long length, PeerWireErrorReason reason, long limit)
    {
        byte[] wire = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(wire, (uint)length);
        wire[4] = (byte)type;
        using var decoder = new PeerWireDecoder { PieceCount = 12 };
        ReadOnlySpan<byte> input = wire;

        Assert.Equal(PeerWireStatus.Invalid, decoder.Read(ref input, out _));

        Assert.Equal(new PeerWireError(reason, type, length, limit), decoder.Error);
    }

    [Fact]
    public void An_error_says_what_came_and_what_would_have_been_allowed()
    {
        var error = new PeerWireError(PeerWireErrorReason.FrameTooLong, PeerMessageType.Extended, 2_000_000, 1_048_576);

        Assert.Equal("Frame length 2000000 exceeds the limit of 1048576 bytes for message Extended.", error.ToString());
    }

    [Theory]
    [InlineData(0x8000_0000u, 0u)]
    [InlineData(0u, 0xffff_ffffu)]
    public void A_block_beyond_31_bits_is_refused(uint piece, uint offset)
    {
        byte[] wire = new byte[14];
        BinaryPrimitives.WriteUInt32BigEndian(wire, 10);
        wire[4] = (byte)PeerMessageType.Piece;
        BinaryPrimitives.WriteUInt32BigEndian(wire.AsSpan(5), piece);
        BinaryPrimitives.WriteUInt32BigEndian(wire.AsSpan(9), offset);

        DecodedStream stream = DecodedStream.Read(wire);

        Assert.Equal(PeerWireErrorReason.BlockOutOfRange, stream.Error.Reason);
        Assert.Equal(Math.Max(piece, offset), stream.Error.Value);
    }

    [Fact]
    public void After_an_error_nothing_more_is_read()
    {
        using var decoder = new PeerWireDecoder();
        ReadOnlySpan<byte> input = [0, 0, 0, 2, 0, 0];
        Assert.Equal(PeerWireStatus.Invalid, decoder.Read(ref input, out _));
        PeerWireError first = decoder.Error;

        input = [0, 0, 0, 1, 1];
        Assert.Equal(PeerWireStatus.Invalid, decoder.Read(ref input, out _));

        Assert.Equal(5, input.Length);
        Assert.Equal(first, decoder.Error);
    }

    [Fact]
    public void A_message_of_an_unknown_kind_is_passed_over()
    {
        Assert.Equal(["Unchoke "], DecodedStream.Read([0, 0, 0, 4, 77, 1, 2, 3, 0, 0, 0, 1, 1]).Events);
    }

    [Fact]
    public void A_bitfield_of_any_length_in_bounds_is_taken_while_the_pieces_are_not_known()
    {
        using var decoder = new PeerWireDecoder();
        ReadOnlySpan<byte> input = [0, 0, 0, 3, 5, 0xff, 0xc0];

        Assert.Equal(PeerWireStatus.Message, decoder.Read(ref input, out PeerMessage message));

        Assert.True(message.TryGetBitfield(10, out Bitfield? bitfield));
        Assert.True(bitfield.IsFull);
        Assert.False(message.TryGetBitfield(9, out _));
        Assert.False(message.TryGetBitfield(20, out _));
    }

    [Fact]
    public void A_frame_that_claims_much_costs_only_as_much_memory_as_came()
    {
        byte[] wire = new byte[200];
        BinaryPrimitives.WriteInt32BigEndian(wire, PeerWireDecoder.MaxFrameLength);
        wire[4] = (byte)PeerMessageType.Extended;
        var decoders = new List<PeerWireDecoder>();

        long allocated = Allocation.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                var decoder = new PeerWireDecoder();
                ReadOnlySpan<byte> input = wire;
                Assert.Equal(PeerWireStatus.NeedMore, decoder.Read(ref input, out _));
                decoders.Add(decoder);
            }
        });

        Assert.InRange(allocated, 0, 100 * 2048);
        foreach (PeerWireDecoder decoder in decoders)
            decoder.Dispose();
    }

    [Fact]
    public void Messages_and_blocks_cost_no_allocation()
    {
        byte[] wire = new byte[9 + 17 + 13 + 16384];
        PeerMessageWriter.WriteHave(wire, 7);
        PeerMessageWriter.WriteRequest(wire.AsSpan(9), new BlockRequest(1, 2, 3));
        PeerMessageWriter.WritePieceHeader(wire.AsSpan(26), new BlockRequest(1, 0, 16384));
        using var decoder = new PeerWireDecoder();

        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 100; i++)
                Feed(decoder, wire);
        }));

        static void Feed(PeerWireDecoder decoder, byte[] wire)
        {
            foreach (int cut in (ReadOnlySpan<int>)[0, 3, 7, 20, 30, 5000])
            {
                Drain(decoder, wire.AsSpan(0, cut));
                Drain(decoder, wire.AsSpan(cut));
            }
        }

        static void Drain(PeerWireDecoder decoder, ReadOnlySpan<byte> input)
        {
            PeerWireStatus status;
            do
                status = decoder.Read(ref input, out _);
            while (status is not (PeerWireStatus.NeedMore or PeerWireStatus.Invalid));

            // Asserting on each status would allocate.
            if (status == PeerWireStatus.Invalid)
                Assert.Fail(decoder.Error.ToString());
        }
    }

    [Fact]
    public void A_typed_reader_refuses_messages_of_another_kind()
    {
        using var decoder = new PeerWireDecoder();
        ReadOnlySpan<byte> input = [0, 0, 0, 1, 0];
        decoder.Read(ref input, out PeerMessage choke);

        Assert.False(choke.TryGetPiece(out _));
        Assert.False(choke.TryGetRequest(out _));
        Assert.False(choke.TryGetBitfield(1, out _));
        Assert.False(choke.TryGetPort(out _));
        Assert.False(choke.TryGetExtended(out _, out _));
    }

    [Fact]
    public void A_negative_piece_and_port_0_are_refused()
    {
        using var decoder = new PeerWireDecoder();
        ReadOnlySpan<byte> input = [0, 0, 0, 5, 4, 0x80, 0, 0, 0, 0, 0, 0, 3, 9, 0, 0];

        decoder.Read(ref input, out PeerMessage have);
        Assert.False(have.TryGetPiece(out _));
        decoder.Read(ref input, out PeerMessage port);
        Assert.False(port.TryGetPort(out _));
    }
}
