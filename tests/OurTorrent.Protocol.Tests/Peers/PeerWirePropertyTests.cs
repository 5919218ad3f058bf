using System.Buffers;
using CsCheck;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class PeerWirePropertyTests
{
    private const int PieceCount = 5000;

    private static readonly Gen<BlockRequest> Requests =
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[1, int.MaxValue], (p, o, l) => new BlockRequest(p, o, l));

    private static readonly Gen<(byte[] Wire, string Event)> Messages = Gen.OneOf(
        Gen.OneOf(
            Empty(PeerMessageWriter.WriteChoke, PeerMessageType.Choke),
            Empty(PeerMessageWriter.WriteUnchoke, PeerMessageType.Unchoke),
            Empty(PeerMessageWriter.WriteInterested, PeerMessageType.Interested),
            Empty(PeerMessageWriter.WriteNotInterested, PeerMessageType.NotInterested),
            Empty(PeerMessageWriter.WriteHaveAll, PeerMessageType.HaveAll),
            Empty(PeerMessageWriter.WriteHaveNone, PeerMessageType.HaveNone),
            Empty(PeerMessageWriter.WriteKeepAlive, PeerMessageType.KeepAlive)),
        Gen.Int[0, int.MaxValue].Select(p => (Write(w => PeerMessageWriter.WriteHave(w, p)), $"Have {p:X8}")),
        Gen.Int[0, int.MaxValue].Select(p => (Write(w => PeerMessageWriter.WriteSuggest(w, p)), $"Suggest {p:X8}")),
        Gen.Int[0, int.MaxValue].Select(p => (Write(w => PeerMessageWriter.WriteAllowedFast(w, p)), $"AllowedFast {p:X8}")),
        Requests.Select(r => (Write(w => PeerMessageWriter.WriteRequest(w, r)), $"Request {r.Piece:X8}{r.Offset:X8}{r.Length:X8}")),
        Requests.Select(r => (Write(w => PeerMessageWriter.WriteCancel(w, r)), $"Cancel {r.Piece:X8}{r.Offset:X8}{r.Length:X8}")),
        Requests.Select(r => (Write(w => PeerMessageWriter.WriteReject(w, r)), $"Reject {r.Piece:X8}{r.Offset:X8}{r.Length:X8}")),
        Gen.UShort.Select(p => (Write(w => PeerMessageWriter.WritePort(w, p)), $"Port {p:X4}")),
        Gen.Select(Gen.Byte, Gen.Byte.Array[0, 3000]).Select((id, payload) =>
            (Write(w => PeerMessageWriter.WriteExtended(w, id, payload)), $"Extended {id:X2}{Convert.ToHexString(payload)}")),
        Gen.Int[0, PieceCount - 1].Array[0, 20].Select(pieces =>
        {
            var bitfield = new Bitfield(PieceCount);
            foreach (int piece in pieces)
                bitfield.Add(piece);
            return (Write(w => PeerMessageWriter.WriteBitfield(w, bitfield)), $"Bitfield {Convert.ToHexString(bitfield.Span)}");
        }),
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Byte.Array[1, 16384]).Select((piece, offset, bytes) =>
        {
            var block = new BlockRequest(piece, offset, bytes.Length);
            return (Write(w =>
            {
                PeerMessageWriter.WritePieceHeader(w, block);
                w.Write(bytes);
            }), $"{block} {Convert.ToHexString(bytes)}");
        }));

    private static readonly Gen<byte[]> Hostile = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        // Frames with a plausible prefix go deeper than noise does.
        Gen.Select(Gen.Byte[0, 40], Gen.Byte[0, 24], Gen.Byte.Array[0, 40])
            .Select((length, id, body) => (byte[])[0, 0, 0, length, id, .. body])
            .Array[1, 5].Select(frames => frames.SelectMany(frame => frame).ToArray()));

    [Fact]
    public void What_is_written_is_read_however_it_is_cut()
    {
        Gen.Select(Messages.Array[0, 6], Gen.Double[0, 1].Array[0, 8]).Sample((messages, places) =>
        {
            byte[] wire = [.. messages.SelectMany(message => message.Wire)];
            int[] cuts = [.. places.Select(place => (int)(place * wire.Length)).Order()];

            DecodedStream stream = DecodedStream.Read(wire, PieceCount, cuts);

            Assert.Equal(messages.Select(message => message.Event), stream.Events);
            Assert.Equal(PeerWireErrorReason.None, stream.Error.Reason);
        }, iter: 300);
    }

    [Fact]
    public void Byte_by_byte_gives_the_same_messages_as_all_at_once()
    {
        Gen.OneOf(Messages.Array[0, 3].Select(messages => messages.SelectMany(message => message.Wire).ToArray()), Hostile).Sample(
            wire =>
            {
                DecodedStream whole = DecodedStream.Read(wire, PieceCount);
                DecodedStream split = DecodedStream.Read(wire, PieceCount, [.. Enumerable.Range(0, wire.Length)]);

                Assert.Equal(whole.Events, split.Events);
                Assert.Equal(whole.Error, split.Error);
            },
            iter: 300);
    }

    [Fact]
    public void No_input_throws()
    {
        Hostile.Sample(wire => DecodedStream.Read(wire).Events.Count >= 0);
    }

    [Fact]
    public void No_input_costs_more_memory_than_what_has_come()
    {
        Hostile.Sample(
            wire =>
            {
                long enough = 2048 + (4L * wire.Length);
                return Allocation.Least(() => Skim(wire), enough) <= enough;
            },
            iter: 2000);

        static void Skim(byte[] wire)
        {
            using var decoder = new PeerWireDecoder { PieceCount = PieceCount };
            PeerWireStatus status = PeerWireStatus.NeedMore;
            for (int at = 0; at < wire.Length && status != PeerWireStatus.Invalid; at++)
            {
                ReadOnlySpan<byte> input = wire.AsSpan(at, 1);
                do
                    status = decoder.Read(ref input, out _);
                while (status is not (PeerWireStatus.NeedMore or PeerWireStatus.Invalid));
            }
        }
    }

    [Fact]
    public void A_span_is_written_like_a_buffer_writer()
    {
        Span<byte> span = stackalloc byte[32];
        var request = new BlockRequest(1, 2, 3);

        Assert.Equal(Write(PeerMessageWriter.WriteKeepAlive), span[..PeerMessageWriter.WriteKeepAlive(span)].ToArray());
        Assert.Equal(Write(PeerMessageWriter.WriteChoke), span[..PeerMessageWriter.WriteChoke(span)].ToArray());
        Assert.Equal(Write(w => PeerMessageWriter.WriteHave(w, 5)), span[..PeerMessageWriter.WriteHave(span, 5)].ToArray());
        Assert.Equal(Write(w => PeerMessageWriter.WriteRequest(w, request)), span[..PeerMessageWriter.WriteRequest(span, request)].ToArray());
        Assert.Equal(Write(w => PeerMessageWriter.WritePort(w, 6881)), span[..PeerMessageWriter.WritePort(span, 6881)].ToArray());
        Assert.Equal(
            Write(w => PeerMessageWriter.WritePieceHeader(w, request)), span[..PeerMessageWriter.WritePieceHeader(span, request)].ToArray());
    }

    [Fact]
    public void The_bytes_of_a_request_are_those_of_BEP_3()
    {
        Assert.Equal(
            [0, 0, 0, 13, 6, 0, 0, 0, 1, 0, 0, 0x40, 0, 0, 0, 0x40, 0],
            Write(w => PeerMessageWriter.WriteRequest(w, new BlockRequest(1, 16384, 16384))));
    }

    private static (byte[] Wire, string Event) Empty(Action<IBufferWriter<byte>> write, PeerMessageType type) =>
        (Write(write), $"{type} ");

    private static byte[] Write(Action<IBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return writer.WrittenSpan.ToArray();
    }
}
