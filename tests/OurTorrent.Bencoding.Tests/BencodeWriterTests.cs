using System.Buffers;
using System.Text;

namespace OurTorrent.Bencoding.Tests;

public sealed class BencodeWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly BencodeWriter _writer;

    public BencodeWriterTests() => _writer = new BencodeWriter(_output);

    private string Written => Encoding.Latin1.GetString(_output.WrittenSpan);

    [Theory]
    [InlineData(0, "i0e")]
    [InlineData(-3, "i-3e")]
    [InlineData(long.MaxValue, "i9223372036854775807e")]
    [InlineData(long.MinValue, "i-9223372036854775808e")]
    public void Integers_are_written_in_base_ten(long value, string expected)
    {
        _writer.WriteInteger(value);
        _writer.Complete();

        Assert.Equal(expected, Written);
    }

    [Theory]
    [InlineData("", "0:")]
    [InlineData("spam", "4:spam")]
    [InlineData("\u00e9", "2:\xc3\xa9")]
    public void Text_is_written_as_utf_8(string text, string expected)
    {
        _writer.WriteString(text);
        _writer.Complete();

        Assert.Equal(expected, Written);
    }

    [Fact]
    public void A_document_is_written_in_the_order_given()
    {
        _writer.WriteStartDictionary();
        _writer.WriteString("announce"u8, "udp://tracker");
        _writer.WriteStartDictionary("info"u8);
        _writer.WriteInteger("length"u8, 5);
        _writer.WriteString("pieces"u8, [0xff, 0x00]);
        _writer.WriteEndDictionary();
        _writer.WriteStartList("nodes"u8);
        _writer.WriteString("a"u8);
        _writer.WriteStartList();
        _writer.WriteEndList();
        _writer.WriteEndList();
        _writer.WriteKey("private");
        _writer.WriteRaw("i1e"u8);
        _writer.WriteEndDictionary();
        _writer.Complete();

        Assert.Equal("d8:announce13:udp://tracker4:infod6:lengthi5e6:pieces2:\xff\0e5:nodesl1:alee7:privatei1ee", Written);
        Assert.Equal(_output.WrittenCount, _writer.BytesWritten);
    }

    [Fact]
    public void A_key_that_sorts_before_the_last_is_refused_and_both_are_named()
    {
        _writer.WriteStartDictionary();
        _writer.WriteInteger("pieces"u8, 1);

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => _writer.WriteKey("name"u8));

        Assert.Contains("\"name\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"pieces\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_compared_with_the_last_of_its_own_dictionary()
    {
        _writer.WriteStartDictionary();
        _writer.WriteStartDictionary("b"u8);
        _writer.WriteInteger("zzzz"u8, 1);
        _writer.WriteEndDictionary();
        _writer.WriteStartList("c"u8);
        _writer.WriteStartDictionary();
        _writer.WriteInteger("a"u8, 1);
        _writer.WriteEndDictionary();
        _writer.WriteEndList();

        Assert.Throws<InvalidOperationException>(() => _writer.WriteKey("a"u8));
        _writer.WriteInteger("d"u8, 1);
        _writer.WriteEndDictionary();
        _writer.Complete();
        Assert.Equal("d1:bd4:zzzzi1ee1:cld1:ai1eee1:di1ee", Written);
    }

    [Fact]
    public void A_key_written_twice_is_refused()
    {
        _writer.WriteStartDictionary();
        _writer.WriteInteger(""u8, 1);

        Assert.Throws<InvalidOperationException>(() => _writer.WriteKey(""u8));
    }

    [Fact]
    public void Long_keys_are_compared_whole()
    {
        string longKey = new('a', 5_000);
        _writer.WriteStartDictionary();
        _writer.WriteKey(longKey);
        _writer.WriteInteger(1);

        Assert.Throws<InvalidOperationException>(() => _writer.WriteKey(longKey.AsSpan(1)));
        _writer.WriteKey(longKey + "a");
    }

    [Fact]
    public void What_is_not_balanced_is_refused()
    {
        Assert.Throws<InvalidOperationException>(_writer.Complete);
        Assert.Throws<InvalidOperationException>(_writer.WriteEndList);
        Assert.Throws<InvalidOperationException>(() => _writer.WriteKey("a"u8));

        _writer.WriteStartList();
        Assert.Throws<InvalidOperationException>(_writer.Complete);
        Assert.Throws<InvalidOperationException>(_writer.WriteEndDictionary);
        Assert.Throws<InvalidOperationException>(() => _writer.WriteKey("a"u8));

        _writer.WriteStartDictionary();
        Assert.Throws<InvalidOperationException>(() => _writer.WriteInteger(1));
        Assert.Throws<InvalidOperationException>(_writer.WriteStartList);
        Assert.Throws<InvalidOperationException>(_writer.WriteEndList);

        _writer.WriteKey("a"u8);
        Assert.Throws<InvalidOperationException>(() => _writer.WriteKey("b"u8));
        Assert.Throws<InvalidOperationException>(_writer.WriteEndDictionary);

        _writer.WriteInteger(1);
        _writer.WriteEndDictionary();
        _writer.WriteEndList();
        _writer.Complete();
        Assert.Throws<InvalidOperationException>(() => _writer.WriteInteger(1));
        Assert.Equal("ld1:ai1eee", Written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("i1ei2e")]
    [InlineData("l")]
    public void Raw_bytes_that_are_not_one_value_are_refused(string raw)
    {
        Assert.Throws<BencodeException>(() => _writer.WriteRaw(Document.Bytes(raw)));
        Assert.Equal(0, _output.WrittenCount);
    }

    [Fact]
    public void A_raw_value_keeps_its_bytes_even_where_they_are_not_strict()
    {
        _writer.WriteStartList();
        _writer.WriteRaw("d1:bi00e1:ai1ee"u8);
        _writer.WriteEndList();
        _writer.Complete();

        Assert.Equal("ld1:bi00e1:ai1eee", Written);
    }

    [Fact]
    public void Nesting_deeper_than_any_reader_allows_is_refused()
    {
        for (int i = 0; i < BencodeReaderOptions.DepthLimit; i++)
            _writer.WriteStartList();

        Assert.Throws<InvalidOperationException>(_writer.WriteStartList);
        Assert.Equal(BencodeReaderOptions.DepthLimit, _writer.Depth);
    }

    [Fact]
    public void A_writer_used_again_allocates_nothing()
    {
        Assert.Equal(0, Allocation.Least(Write));
        Assert.Equal("d1:ad2:id3:abce1:q4:pinge", Written);

        void Write()
        {
            for (int i = 0; i < 1_000; i++)
            {
                _output.ResetWrittenCount();
                _writer.Reset(_output);
                _writer.WriteStartDictionary();
                _writer.WriteStartDictionary("a"u8);
                _writer.WriteString("id"u8, "abc"u8);
                _writer.WriteEndDictionary();
                _writer.WriteString("q"u8, "ping");
                _writer.WriteEndDictionary();
                _writer.Complete();
            }
        }
    }
}
