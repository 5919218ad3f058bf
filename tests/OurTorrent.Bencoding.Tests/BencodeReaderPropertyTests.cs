using System.Buffers;
using CsCheck;

namespace OurTorrent.Bencoding.Tests;

public sealed class BencodeReaderPropertyTests
{
    private static readonly Gen<byte[]> AnyBytes =
        Gen.OneOf(Document.RandomBytes, Document.NearlyBencode, Document.Mutated, Document.RandomValue.Select(value => value.ToBytes()));

    [Fact]
    public void Reading_any_bytes_ends_and_never_throws()
    {
        AnyBytes.Sample(
            bytes =>
            {
                foreach (BencodeReaderOptions options in (BencodeReaderOptions[])[default, BencodeReaderOptions.Lenient, Document.Deepest])
                {
                    BencodeReader reader = new(bytes, options);
                    int tokens = 0;
                    while (reader.TryRead() == BencodeReadStatus.Token)
                    {
                        // Every token takes at least one byte.
                        if (++tokens > bytes.Length || reader.BytesConsumed > bytes.Length || reader.Depth > options.MaxDepth)
                            return false;
                    }

                    BencodeError error = reader.Error;
                    if (error.Offset < 0 || error.Offset > bytes.Length)
                        return false;

                    if (error.Reason != BencodeErrorReason.None && (error.Expected.Length == 0 || error.Found.Length == 0))
                        return false;
                }

                return true;
            },
            iter: 20_000);
    }

    [Fact]
    public void What_strict_reading_accepts_is_written_back_to_the_same_bytes()
    {
        AnyBytes.Sample(
            bytes => !BencodeValue.TryParse(bytes, out BencodeValue? value) || value.ToBytes().AsSpan().SequenceEqual(bytes),
            iter: 20_000);
    }

    [Fact]
    public void Tokens_written_as_they_are_read_give_the_same_bytes()
    {
        Document.RandomValue.Sample(
            value =>
            {
                byte[] bytes = value.ToBytes();
                return Copy(bytes).AsSpan().SequenceEqual(bytes);
            },
            iter: 2_000);
    }

    [Fact]
    public void What_strict_reading_accepts_lenient_reading_takes_for_the_same()
    {
        AnyBytes.Sample(
            bytes => !BencodeValue.TryParse(bytes, out BencodeValue? strict)
                || (BencodeValue.TryParse(bytes, BencodeReaderOptions.Lenient, out BencodeValue? lenient, out _) && lenient == strict),
            iter: 5_000);
    }

    [Fact]
    public void A_raw_value_reads_as_the_same_value_and_skipping_ends_where_reading_does()
    {
        Document.RandomValue.Sample(
            value =>
            {
                byte[] bytes = value.ToBytes();
                byte[] within = [.. "d1:a"u8, .. bytes, .. "1:bi1ee"u8];
                BencodeReader reader = new(within);
                reader.Read();
                reader.Read();
                return reader.TryReadRawValue(out ReadOnlySpan<byte> raw) && raw.SequenceEqual(bytes)
                    && reader.BytesConsumed == 4 + bytes.Length && reader.Read() && reader.ValueEquals("b"u8);
            },
            iter: 2_000);
    }

    [Fact]
    public void Every_part_cut_off_from_the_front_of_a_document_is_incomplete()
    {
        Document.RandomValue.Sample(
            value =>
            {
                byte[] bytes = value.ToBytes();
                for (int length = 0; length < bytes.Length; length++)
                {
                    BencodeReader reader = new(bytes.AsSpan(0, length));
                    if (reader.TrySkip() || reader.Error.Reason != BencodeErrorReason.UnexpectedEnd)
                        return false;
                }

                return true;
            },
            iter: 500);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] bytes = [.. "d4:infod6:lengthi1048576e4:name4:file12:piece lengthi16384e6:pieces0:e4:listl"u8, .. "i1e1:a"u8, .. "ee"u8];
        bool whole = true;

        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 1_000; i++)
                whole &= ReadAll(bytes);
        }));
        Assert.True(whole);
    }

    [Fact]
    public void Refusing_hostile_bytes_allocates_nothing_until_somebody_asks_why()
    {
        byte[][] hostile = [.. new[] { "d1:bi1e1:ai2ee", "i007e", "9999999999:", "llllx", "d1:ae", "i1ex", "" }.Select(Document.Bytes)];
        bool anyAccepted = false;

        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                foreach (byte[] bytes in hostile)
                    anyAccepted |= ReadAll(bytes);
            }
        }));
        Assert.False(anyAccepted);
    }

    [Theory]
    [InlineData("l", "le", "e")]
    [InlineData("l", "de", "e")]
    [InlineData("l", "0:", "e")]
    [InlineData("l", "i1e", "e")]
    [InlineData("l", "lllleeee", "e")]
    [InlineData("d", "0:0:", "e")]
    [InlineData("d", "1:bde1:ade", "e")]
    public void A_document_of_a_megabyte_costs_memory_in_proportion_whatever_is_repeated_in_it(string start, string repeated, string end)
    {
        byte[] bytes = Document.Bytes(start + string.Concat(Enumerable.Repeat(repeated, 1024 * 1024 / repeated.Length)) + end);
        long enough = 64 * 1024 + (100L * bytes.Length);
        bool isRead = false;

        long allocated = Allocation.Least(() => isRead = BencodeValue.TryParse(bytes, BencodeReaderOptions.Lenient, out _, out _), enough);

        Assert.True(isRead);
        Assert.InRange(allocated, 0, enough);
    }

    private static bool ReadAll(byte[] bytes)
    {
        BencodeReader reader = new(bytes);
        BencodeReadStatus status;
        while ((status = reader.TryRead()) == BencodeReadStatus.Token)
        {
            if (reader.ValueEquals("name"u8) && !reader.TryReadRawValue(out _))
                return false;
        }

        return status == BencodeReadStatus.End;
    }

    private static byte[] Copy(byte[] bytes)
    {
        ArrayBufferWriter<byte> output = new();
        BencodeWriter writer = new(output);
        BencodeReader reader = new(bytes);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case BencodeTokenType.Integer:
                    writer.WriteInteger(reader.GetInt64());
                    break;
                case BencodeTokenType.String:
                    writer.WriteString(reader.ValueSpan);
                    break;
                case BencodeTokenType.Key:
                    writer.WriteKey(reader.ValueSpan);
                    break;
                case BencodeTokenType.StartList:
                    writer.WriteStartList();
                    break;
                case BencodeTokenType.EndList:
                    writer.WriteEndList();
                    break;
                case BencodeTokenType.StartDictionary:
                    writer.WriteStartDictionary();
                    break;
                case BencodeTokenType.EndDictionary:
                    writer.WriteEndDictionary();
                    break;
            }
        }

        writer.Complete();
        Assert.Equal(output.WrittenCount, writer.BytesWritten);
        return output.WrittenSpan.ToArray();
    }
}
