namespace OurTorrent.Bencoding.Tests;

public sealed class BencodeReaderTests
{
    [Theory]
    [InlineData("4:spam", "'spam'@0 end")]
    [InlineData("0:", "''@0 end")]
    [InlineData("i3e", "3@0 end")]
    [InlineData("i-3e", "-3@0 end")]
    [InlineData("i0e", "0@0 end")]
    [InlineData("i9223372036854775807e", "9223372036854775807@0 end")]
    [InlineData("i-9223372036854775808e", "-9223372036854775808@0 end")]
    [InlineData("le", "[@0 ]@0 end")]
    [InlineData("de", "{@0 }@0 end")]
    [InlineData("l4:spam4:eggse", "[@0 'spam'@1 'eggs'@1 ]@0 end")]
    [InlineData("d3:cow3:moo4:spam4:eggse", "{@0 cow=@1 'moo'@1 spam=@1 'eggs'@1 }@0 end")]
    [InlineData("d4:spaml1:a1:bee", "{@0 spam=@1 [@1 'a'@2 'b'@2 ]@1 }@0 end")]
    [InlineData("d0:i1e1:\xffi2ee", "{@0 =@1 1@1 \xff=@1 2@1 }@0 end")]
    [InlineData("d1:ad1:bi1ee1:cle1:ddee", "{@0 a=@1 {@1 b=@2 1@2 }@1 c=@1 [@1 ]@1 d=@1 {@1 }@1 }@0 end")]
    public void Well_formed_bytes_are_read_token_by_token(string bytes, string tokens)
    {
        Assert.Equal(tokens, Document.Tokens(Document.Bytes(bytes)));
    }

    [Theory]
    [InlineData("", BencodeErrorReason.UnexpectedEnd, 0)]
    [InlineData("x", BencodeErrorReason.UnexpectedByte, 0)]
    [InlineData("e", BencodeErrorReason.UnexpectedByte, 0)]
    [InlineData("-1:a", BencodeErrorReason.UnexpectedByte, 0)]
    [InlineData(":", BencodeErrorReason.UnexpectedByte, 0)]
    [InlineData(" i1e", BencodeErrorReason.UnexpectedByte, 0)]
    [InlineData("i", BencodeErrorReason.UnexpectedEnd, 1)]
    [InlineData("i1", BencodeErrorReason.UnexpectedEnd, 2)]
    [InlineData("i-", BencodeErrorReason.UnexpectedEnd, 2)]
    [InlineData("ie", BencodeErrorReason.UnexpectedByte, 1)]
    [InlineData("i-e", BencodeErrorReason.UnexpectedByte, 2)]
    [InlineData("i--1e", BencodeErrorReason.UnexpectedByte, 2)]
    [InlineData("i+1e", BencodeErrorReason.UnexpectedByte, 1)]
    [InlineData("i1.5e", BencodeErrorReason.UnexpectedByte, 2)]
    [InlineData("i1-e", BencodeErrorReason.UnexpectedByte, 2)]
    [InlineData("i-0e", BencodeErrorReason.NegativeZero, 0)]
    [InlineData("i00e", BencodeErrorReason.LeadingZero, 0)]
    [InlineData("i-01e", BencodeErrorReason.LeadingZero, 0)]
    [InlineData("li1ei07ee", BencodeErrorReason.LeadingZero, 4)]
    [InlineData("i9223372036854775808e", BencodeErrorReason.IntegerOverflow, 0)]
    [InlineData("i-9223372036854775809e", BencodeErrorReason.IntegerOverflow, 0)]
    [InlineData("i18446744073709551616e", BencodeErrorReason.IntegerOverflow, 0)]
    [InlineData("i99999999999999999999999999e", BencodeErrorReason.IntegerOverflow, 0)]
    [InlineData("4", BencodeErrorReason.UnexpectedEnd, 1)]
    [InlineData("4:spa", BencodeErrorReason.UnexpectedEnd, 2)]
    [InlineData("2147483647:a", BencodeErrorReason.UnexpectedEnd, 11)]
    [InlineData("99999999999999999999999:a", BencodeErrorReason.UnexpectedEnd, 24)]
    [InlineData("4spam", BencodeErrorReason.UnexpectedByte, 1)]
    [InlineData("04:spam", BencodeErrorReason.LeadingZero, 0)]
    [InlineData("00:", BencodeErrorReason.LeadingZero, 0)]
    [InlineData("l", BencodeErrorReason.UnexpectedEnd, 1)]
    [InlineData("li1e", BencodeErrorReason.UnexpectedEnd, 4)]
    [InlineData("lx", BencodeErrorReason.UnexpectedByte, 1)]
    [InlineData("d", BencodeErrorReason.UnexpectedEnd, 1)]
    [InlineData("d1:a", BencodeErrorReason.UnexpectedEnd, 4)]
    [InlineData("d1:ae", BencodeErrorReason.MissingValue, 4)]
    [InlineData("di1ei2ee", BencodeErrorReason.KeyNotString, 1)]
    [InlineData("dlei2ee", BencodeErrorReason.KeyNotString, 1)]
    [InlineData("d1:bi1e1:ai2ee", BencodeErrorReason.UnsortedKey, 7)]
    [InlineData("d2:aai1e1:ai2ee", BencodeErrorReason.UnsortedKey, 8)]
    [InlineData("d1:\xffi1e1:ai2ee", BencodeErrorReason.UnsortedKey, 7)]
    [InlineData("d1:ai1e1:ai2ee", BencodeErrorReason.DuplicateKey, 7)]
    [InlineData("d1:bd1:xi1ee1:ai2ee", BencodeErrorReason.UnsortedKey, 12)]
    [InlineData("i1ei2e", BencodeErrorReason.TrailingBytes, 3)]
    [InlineData("lee", BencodeErrorReason.TrailingBytes, 2)]
    [InlineData("4:spam\n", BencodeErrorReason.TrailingBytes, 6)]
    public void Malformed_bytes_are_refused_at_their_place(string bytes, BencodeErrorReason reason, int offset)
    {
        BencodeReader reader = new(Document.Bytes(bytes));
        while (reader.TryRead() == BencodeReadStatus.Token)
        {
        }

        Assert.Equal(reason, reader.Error.Reason);
        Assert.Equal(offset, reader.Error.Offset);
        Assert.Equal(BencodeTokenType.None, reader.TokenType);
        Assert.Equal(BencodeReadStatus.Invalid, reader.TryRead());
    }

    [Theory]
    [InlineData("i-0e", "0@0 end")]
    [InlineData("i-007e", "-7@0 end")]
    [InlineData("i000000000000000000000000000000e", "0@0 end")]
    [InlineData("004:spam", "'spam'@0 end")]
    [InlineData("d1:bi1e1:ai2e1:ai3ee", "{@0 b=@1 1@1 a=@1 2@1 a=@1 3@1 }@0 end")]
    [InlineData("i1e and more", "1@0 end")]
    [InlineData("i1-e", "UnexpectedByte")]
    [InlineData("i9223372036854775808e", "IntegerOverflow")]
    public void Lenient_reading_takes_what_old_programs_wrote(string bytes, string tokens)
    {
        Assert.Equal(tokens, Document.Tokens(Document.Bytes(bytes), BencodeReaderOptions.Lenient));
    }

    [Theory]
    [InlineData("", "Invalid bencode at byte 0: expected a value ('i', 'l', 'd' or a digit), found the end of the input.")]
    [InlineData("lx", "Invalid bencode at byte 1: expected a value or the 'e' that ends the list, found \"x\".")]
    [InlineData("d\x01", "Invalid bencode at byte 1: expected a key or the 'e' that ends the dictionary, found 0x01.")]
    [InlineData("d1:ae", "Invalid bencode at byte 4: expected the key's value, found \"e\".")]
    [InlineData("12:spam", "Invalid bencode at byte 3: expected the 12 bytes of a string, found 4 before the end of the input.")]
    [InlineData(
        "999999999999999999999999:",
        "Invalid bencode at byte 25: expected the 99999999999999999999... bytes of a string, found 0 before the end of the input.")]
    [InlineData("i007e", "Invalid bencode at byte 0: expected a number without leading zeros, found \"i007e\".")]
    [InlineData("i-0e", "Invalid bencode at byte 0: expected zero without a sign, found \"i-0e\".")]
    [InlineData("i9223372036854775808e", "Invalid bencode at byte 0: expected an integer of 64 bits, found \"i9223372036854775808e\".")]
    [InlineData("d1:bi1e1:ai2ee", "Invalid bencode at byte 7: expected a key that sorts after \"b\", found \"a\".")]
    [InlineData("d1:ai1e1:ai2ee", "Invalid bencode at byte 7: expected each key once, found \"a\".")]
    [InlineData("lexyz", "Invalid bencode at byte 2: expected the end of the input, found 3 more bytes.")]
    public void An_exception_says_where_and_what_was_expected_and_found(string bytes, string message)
    {
        BencodeException exception = Assert.Throws<BencodeException>(() =>
        {
            BencodeReader reader = new(Document.Bytes(bytes));
            while (reader.Read())
            {
            }
        });

        Assert.Equal(message, exception.Message);
        Assert.NotEqual(BencodeErrorReason.None, exception.Error.Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(128)]
    public void Nesting_is_allowed_to_the_given_depth_and_no_deeper(int depth)
    {
        BencodeReaderOptions options = new() { MaxDepth = depth };
        string allowed = new string('l', depth) + new string('e', depth);

        Assert.EndsWith("end", Document.Tokens(Document.Bytes(allowed), options), StringComparison.Ordinal);

        BencodeReader reader = new(Document.Bytes('l' + allowed + 'e'), options);
        Assert.False(reader.TrySkip());
        Assert.Equal(BencodeErrorReason.TooDeep, reader.Error.Reason);
        Assert.Equal(depth, reader.Error.Offset);
        Assert.Contains($"at most {depth} ", reader.Error.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_opened_lists_are_refused()
    {
        BencodeReader reader = new(Document.Bytes(new string('l', 1_000_000)));

        Assert.False(reader.TrySkip());
        Assert.Equal(BencodeErrorReason.TooDeep, reader.Error.Reason);
        Assert.Equal(BencodeReaderOptions.DefaultMaxDepth, reader.Error.Offset);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(129)]
    public void A_depth_that_cannot_be_kept_is_refused(int depth)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BencodeReaderOptions { MaxDepth = depth });
    }

    [Fact]
    public void The_default_options_are_the_strict_ones()
    {
        Assert.Equal(default, BencodeReaderOptions.Strict);
        Assert.Equal(64, default(BencodeReaderOptions).MaxDepth);
        Assert.Equal(BencodeReaderOptions.Strict, new BencodeReaderOptions { MaxDepth = 64 });
    }

    [Fact]
    public void Bytes_after_the_value_are_left_where_they_are_when_allowed()
    {
        byte[] message = [.. "d8:msg_typei1e5:piecei0ee"u8, .. "metadata"u8];
        BencodeReader reader = new(message, new BencodeReaderOptions { AllowTrailing = true });

        Assert.True(reader.TrySkip());
        Assert.Equal(BencodeReadStatus.End, reader.TryRead());
        Assert.Equal("metadata"u8, message.AsSpan(reader.BytesConsumed));
    }

    [Fact]
    public void A_raw_value_is_the_bytes_it_was_read_from()
    {
        // Unsorted keys: writing the dictionary again would give another info-hash.
        BencodeReader reader = new("d4:infod1:bi1e1:al1:xee4:nexti7ee"u8, BencodeReaderOptions.Lenient);
        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.True(reader.ValueEquals("info"u8));

        Assert.True(reader.TryReadRawValue(out ReadOnlySpan<byte> raw));
        Assert.Equal("d1:bi1e1:al1:xee"u8, raw);
        Assert.Equal(BencodeTokenType.EndDictionary, reader.TokenType);

        Assert.True(reader.Read());
        Assert.Equal("next", reader.GetString());
        Assert.True(reader.TryReadRawValue(out raw));
        Assert.Equal("i7e"u8, raw);
    }

    [Fact]
    public void Raw_values_of_a_list_are_taken_one_by_one()
    {
        BencodeReader reader = new("li1e1:ale1:be"u8);
        List<string> raws = [];
        reader.Read();
        while (reader.Read() && reader.TryReadRawValue(out ReadOnlySpan<byte> raw))
            raws.Add(System.Text.Encoding.ASCII.GetString(raw));

        Assert.Equal(["i1e", "1:a", "le", "1:b"], raws);
        Assert.Equal(BencodeTokenType.EndList, reader.TokenType);
        Assert.False(reader.Read());
    }

    [Theory]
    [InlineData("l1:a")]
    [InlineData("")]
    [InlineData("i1ex")]
    public void No_raw_value_is_given_of_malformed_bytes(string bytes)
    {
        BencodeReader reader = new(Document.Bytes(bytes));

        Assert.False(reader.TryReadRawValue(out ReadOnlySpan<byte> raw));
        Assert.True(raw.IsEmpty);
        Assert.NotEqual(BencodeErrorReason.None, reader.Error.Reason);
    }

    [Fact]
    public void Skipping_a_key_passes_over_its_value()
    {
        BencodeReader reader = new("d1:ald1:xi1eee1:bi2ee"u8);
        reader.Read();
        reader.Read();
        reader.Skip();
        Assert.Equal(BencodeTokenType.EndList, reader.TokenType);
        reader.Read();

        Assert.Equal("b", reader.GetString());
        reader.Skip();
        Assert.Equal(2, reader.GetInt64());
    }

    [Fact]
    public void Skipping_malformed_bytes_throws()
    {
        Assert.Throws<BencodeException>(() =>
        {
            BencodeReader reader = new("d1:al1:xi1ee"u8);
            reader.Skip();
        });
    }

    [Fact]
    public void Offsets_are_those_of_the_input()
    {
        BencodeReader reader = new("d3:cowi42ee"u8);
        reader.Read();
        reader.Read();
        Assert.Equal((1, 6), (reader.TokenStart, reader.BytesConsumed));
        Assert.Equal("cow"u8, reader.ValueSpan);
        reader.Read();
        Assert.Equal((6, 10), (reader.TokenStart, reader.BytesConsumed));
        Assert.True(reader.ValueSpan.IsEmpty);
    }

    [Fact]
    public void An_integer_is_given_only_where_it_fits()
    {
        BencodeReader reader = new("li2147483647ei2147483648e1:ae"u8);
        reader.Read();
        Assert.False(reader.TryGetInt64(out _));
        reader.Read();
        Assert.True(reader.TryGetInt32(out int small));
        Assert.Equal(int.MaxValue, small);
        reader.Read();
        Assert.False(reader.TryGetInt32(out _));
        Assert.True(reader.TryGetInt64(out long large));
        Assert.Equal(2147483648, large);
        reader.Read();
        Assert.False(reader.TryGetInt64(out _));
        Assert.False(reader.ValueEquals("b"u8));
        Assert.True(reader.ValueEquals("a"u8));
    }

    [Fact]
    public void Asking_for_what_the_token_is_not_throws()
    {
        Assert.Throws<InvalidOperationException>(() =>
        {
            BencodeReader reader = new("1:a"u8);
            reader.Read();
            reader.GetInt64();
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            BencodeReader reader = new("i1e"u8);
            reader.Read();
            reader.GetString();
        });
    }
}
