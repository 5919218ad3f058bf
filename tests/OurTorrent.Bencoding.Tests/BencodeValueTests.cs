namespace OurTorrent.Bencoding.Tests;

public sealed class BencodeValueTests
{
    private static BencodeDictionary Torrent => new()
    {
        ["info"] = new BencodeDictionary
        {
            ["piece length"] = 16384,
            ["name"] = "file.txt",
            ["files"] = new BencodeList { new BencodeDictionary { ["length"] = 7 }, "x" },
            ["pieces"] = new byte[] { 0xff, 0x00, 0x80 },
        },
        ["announce"] = "udp://tracker",
    };

    [Fact]
    public void Values_are_found_by_key_and_place()
    {
        BencodeValue torrent = Torrent;

        Assert.Equal(16384, (long)torrent["info"]["piece length"]);
        Assert.Equal("file.txt", (string)torrent["info"]["name"]);
        Assert.Equal(7, (long)torrent["info"]["files"][0]["length"]);
        Assert.Equal<byte>([0xff, 0x00, 0x80], (byte[])torrent["info"]["pieces"]);
        Assert.Equal("x", torrent.Find("info")?.Find("files")?[1]);
        Assert.Null(torrent.Find("nothing")?.Find("here"));
        Assert.Null(torrent["announce"].Find("name"));
    }

    [Fact]
    public void A_dictionary_is_in_the_order_of_its_keys_bytes_however_it_was_filled()
    {
        BencodeDictionary dictionary = new() { { "b", 1 }, { new byte[] { 0xff }, 2 }, { "a", 3 }, { "\u00e9", 4 }, { "B", 5 }, { "", 6 } };

        Assert.Equal(["", "B", "a", "b", "\u00e9", new byte[] { 0xff }], dictionary.Keys);
        Assert.Equal([6, 5, 3, 1, 4, 2], dictionary.Values);
        Assert.Equal(Document.Bytes("d0:i6e1:Bi5e1:ai3e1:bi1e2:\xc3\xa9i4e1:\xffi2ee"), dictionary.ToBytes());
    }

    [Fact]
    public void Setting_inserts_or_assigns_and_removing_takes_out()
    {
        BencodeDictionary dictionary = new() { ["a"] = 1, ["b"] = 2 };
        dictionary["a"] = "new";
        dictionary["c"] = new BencodeList();

        Assert.Equal(3, dictionary.Count);
        Assert.Equal("new", dictionary["a"]);
        Assert.True(dictionary.Remove("a"));
        Assert.False(dictionary.Remove("a"));
        Assert.False(dictionary.ContainsKey("a"));
        Assert.False(dictionary.TryGetValue("a", out _));
        Assert.True(dictionary.TryGetValue("b", out BencodeValue? two));
        Assert.Equal(2, two);
        Assert.Throws<ArgumentException>(() => dictionary.Add("b", 3));
        Assert.Throws<KeyNotFoundException>(() => dictionary["a"]);
        dictionary.Clear();
        Assert.Empty(dictionary);
    }

    [Fact]
    public void A_list_can_be_changed_at_any_place()
    {
        BencodeList list = new([1, "two", new BencodeList()]);
        list.Insert(0, 0);
        list[1] = "one";
        list.Add("end");
        list.RemoveAt(3);

        Assert.Equal(new BencodeList { 0, "one", "two", "end" }, list);
        Assert.Equal(2, list.IndexOf("two"));
        Assert.Contains(0, list);
        Assert.True(list.Remove("one"));
        Assert.Equal(3, list.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[3]);
    }

    [Fact]
    public void Values_are_equal_when_they_hold_the_same()
    {
        Assert.Equal(Torrent, Torrent);
        Assert.Equal(Torrent.GetHashCode(), Torrent.GetHashCode());
        Assert.True(Torrent == BencodeValue.Parse(Torrent.ToBytes()));

        BencodeDictionary other = Torrent;
        other["info"]["files"][0]["length"] = 8;
        Assert.True(Torrent != other);
        Assert.NotEqual<BencodeValue>(1, "1");
        Assert.NotEqual<BencodeValue>(new BencodeList(), new BencodeDictionary());
        Assert.False(Torrent == null);
    }

    [Fact]
    public void Strings_are_ordered_by_their_bytes()
    {
        BencodeString[] ordered = ["", "A", "a", "aa", "b", "\u00e9", new byte[] { 0xff }];
        for (int i = 1; i < ordered.Length; i++)
        {
            Assert.True(ordered[i - 1] < ordered[i]);
            Assert.True(ordered[i] > ordered[i - 1]);
            Assert.True(ordered[i] >= ordered[i - 1]);
            Assert.False(ordered[i] <= ordered[i - 1]);
        }

        Assert.True(ordered[1] == "A"u8);
        Assert.True(ordered[1] != "B"u8);
        Assert.True(ordered[1].CompareTo(null) > 0);
    }

    [Fact]
    public void Asking_a_value_for_what_it_is_not_throws()
    {
        BencodeValue number = 1;

        Assert.Throws<InvalidOperationException>(() => number["key"]);
        Assert.Throws<InvalidOperationException>(() => number[0]);
        Assert.Throws<InvalidOperationException>(() => number["key"] = 1);
        Assert.Throws<InvalidOperationException>(() => number[0] = 1);
        Assert.Throws<InvalidCastException>(() => (string)number);
        Assert.Throws<InvalidCastException>(() => (byte[])number);
        Assert.Throws<InvalidCastException>(() => (long)(BencodeValue)"text");
        Assert.Equal(BencodeValueKind.Integer, number.Kind);
    }

    [Fact]
    public void A_value_reads_well()
    {
        Assert.Equal(
            """{"announce": "udp://tracker", "info": {"files": [{"length": 7}, "x"], "name": "file.txt","""
            + """ "piece length": 16384, "pieces": 0xff0080}}""",
            Torrent.ToString());
    }

    [Fact]
    public void Long_and_strange_strings_are_shortened_and_escaped()
    {
        Assert.Equal("\"" + new string('a', 64) + "\"... (100 bytes)", new BencodeString(new string('a', 100)).ToString());
        Assert.Equal("0x" + new string('0', 32) + "... (40 bytes)", new BencodeString(new byte[40]).ToString());
        Assert.Equal("\"say \\\"h\u00e9\\\\\"", new BencodeString("say \"h\u00e9\\").ToString());
        Assert.Equal("0x1b5b33316d", new BencodeString("\u001b[31m").ToString());
        Assert.Equal("0xe280ae", new BencodeString("\u202e").ToString());
        Assert.Equal("\"\"", new BencodeString("").ToString());
    }

    [Fact]
    public void A_long_or_endless_document_is_described_in_short()
    {
        BencodeList endless = [];
        endless.Add(endless);
        BencodeList items = new(Enumerable.Repeat<BencodeValue>("item", 100_000));

        Assert.Contains("...", endless.ToString(), StringComparison.Ordinal);
        Assert.InRange(items.ToString().Length, 100, 5_000);
        Assert.Throws<InvalidOperationException>(() => endless.ToBytes());
    }
}
