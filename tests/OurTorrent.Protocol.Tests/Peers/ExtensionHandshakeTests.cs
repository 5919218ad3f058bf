using System.Buffers;
using System.Net;
using System.Text;
using CsCheck;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class ExtensionHandshakeTests
{
    [Fact]
    public void A_handshake_of_another_client_is_read()
    {
        byte[] payload =
        [
            .. "d12:complete_agoi7e1:ei1e4:ipv44:"u8, 10, 0, 0, 1,
            .. "1:md11:LT_metadatai1e6:ut_pexi2ee13:metadata_sizei31235e1:pi6881e4:reqqi500e11:upload_onlyi1e"u8,
            .. "1:v13:"u8, .. "µTorrent 1.2"u8, .. "6:yourip4:"u8, 192, 0, 2, 7, .. "e"u8,
        ];

        Assert.True(ExtensionHandshake.TryParse(payload, out ExtensionHandshake? handshake));

        Assert.Equal(new Dictionary<string, byte> { ["LT_metadata"] = 1, ["ut_pex"] = 2 }, handshake.Messages);
        Assert.Equal("µTorrent 1.2", handshake.Client);
        Assert.Equal(6881, handshake.ListenPort!.Value);
        Assert.Equal(500, handshake.RequestQueue);
        Assert.Equal(31235, handshake.MetadataSize);
        Assert.True(handshake.UploadOnly);
        Assert.Equal(TimeSpan.FromSeconds(7), handshake.CompleteAgo);
        Assert.Equal(IPAddress.Parse("192.0.2.7"), handshake.YourAddress);
        Assert.Equal(IPAddress.Parse("10.0.0.1"), handshake.IPv4);
        Assert.Null(handshake.IPv6);
    }

    [Fact]
    public void A_handshake_is_written_with_its_keys_in_order()
    {
        var handshake = new ExtensionHandshake
        {
            Messages = new Dictionary<string, byte> { ["ut_pex"] = 2, ["lt_donthave"] = 3, ["ut_metadata"] = 1 },
            Client = "OurTorrent 0.1.0",
            RequestQueue = 250,
            ListenPort = 6881,
            UploadOnly = false,
        };

        Assert.Equal(
            "d1:md11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi2ee1:pi6881e4:reqqi250e11:upload_onlyi0e1:v16:OurTorrent 0.1.0e",
            Encoding.UTF8.GetString(Write(handshake)));
    }

    [Fact]
    public void An_empty_dictionary_says_nothing()
    {
        Assert.True(ExtensionHandshake.TryParse("de"u8, out ExtensionHandshake? handshake));

        Assert.Empty(handshake.Messages);
        Assert.Null(handshake.UploadOnly);
        Assert.Null(handshake.Client);
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("i1e")]
    [InlineData("d")]
    [InlineData("d1:m")]
    [InlineData("d1:md6:ut_pexi2e")]
    [InlineData("d1:v999:xe")]
    public void What_is_not_a_dictionary_is_refused(string payload)
    {
        Assert.False(ExtensionHandshake.TryParse(Encoding.ASCII.GetBytes(payload), out _));
    }

    [Theory]
    [InlineData("d1:mi4e1:pi70000e4:reqqi-1e13:metadata_sizei9999999999e1:vi3e6:yourip3:abce")]
    [InlineData("d1:mle1:p2:hi4:reqqi0e13:metadata_sizei-5e1:v0:6:youripdee")]
    public void What_is_of_the_wrong_kind_or_out_of_range_is_taken_as_not_said(string payload)
    {
        Assert.True(ExtensionHandshake.TryParse(Encoding.ASCII.GetBytes(payload), out ExtensionHandshake? handshake));

        Assert.Equal(new ExtensionHandshake(), handshake);
    }

    [Fact]
    public void Message_ids_that_are_not_a_byte_and_names_beyond_bounds_are_passed_over()
    {
        string names = string.Concat(Enumerable.Range(100, 100).Select(i => $"4:m{i}i1e"));
        string payload = $"d1:md2:aai256e2:abi-1e2:aci0e2:adle2:ae65:{new string('x', 65)}{names}ee";

        Assert.True(ExtensionHandshake.TryParse(Encoding.ASCII.GetBytes(payload), out ExtensionHandshake? handshake));

        Assert.Equal(ExtensionHandshake.MaxMessages, handshake.Messages.Count);
        Assert.Equal(0, handshake.Messages["ac"]);
        Assert.DoesNotContain("aa", handshake.Messages.Keys);
        Assert.DoesNotContain("ad", handshake.Messages.Keys);
    }

    [Fact]
    public void A_client_name_cannot_write_to_a_terminal()
    {
        byte[] name = Encoding.UTF8.GetBytes("\u001b[2JEvil\r\n\u202e1.0" + new string('x', 100));
        byte[] payload = [.. Encoding.ASCII.GetBytes($"d1:v{name.Length}:"), .. name, (byte)'e'];

        Assert.True(ExtensionHandshake.TryParse(payload, out ExtensionHandshake? handshake));

        Assert.StartsWith("[2JEvil1.0xxx", handshake.Client, StringComparison.Ordinal);
        Assert.Equal(64, handshake.Client!.Length);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<ExtensionHandshake> handshakes =
            from names in Gen.String[Gen.Char['a', 'z'], 1, 10].Array[0, 8]
            from ids in Gen.Byte.Array[8]
            from port in Gen.UShort[1, ushort.MaxValue].Nullable()
            from queue in Gen.Int[1, int.MaxValue].Nullable()
            from size in Gen.Int[1, int.MaxValue].Nullable()
            from only in Gen.Bool.Nullable()
            from ago in Gen.Int[0, int.MaxValue].Nullable()
            from v4 in Gen.Byte.Array[4]
            from v6 in Gen.Byte.Array[16]
            select new ExtensionHandshake
            {
                Messages = names.Distinct().Select((name, i) => (name, ids[i])).ToDictionary(pair => pair.name, pair => pair.Item2),
                ListenPort = port,
                RequestQueue = queue,
                MetadataSize = size,
                UploadOnly = only,
                CompleteAgo = ago is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                IPv4 = new IPAddress(v4),
                IPv6 = new IPAddress(v6),
                YourAddress = new IPAddress(v6),
            };

        handshakes.Sample(handshake =>
        {
            Assert.True(ExtensionHandshake.TryParse(Write(handshake), out ExtensionHandshake? read));
            Assert.Equal(handshake.Messages, read.Messages);
            Assert.Equal(handshake, read with { Messages = handshake.Messages });
        });
    }

    [Fact]
    public void No_payload_throws()
    {
        byte[] valid = Write(new ExtensionHandshake
        {
            Messages = new Dictionary<string, byte> { ["ut_pex"] = 2 },
            Client = "x",
            YourAddress = IPAddress.Loopback,
            RequestQueue = 3,
        });

        Gen.OneOf(
            Gen.Byte.Array[0, 100],
            Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Select((at, value) =>
            {
                byte[] changed = [.. valid];
                changed[at] = value;
                return changed;
            }))
            .Sample(payload => ExtensionHandshake.TryParse(payload, out ExtensionHandshake? handshake) == handshake is not null);
    }

    [Theory]
    [InlineData("1:pi1e")]
    [InlineData("1:mde")]
    [InlineData("1:md1:ai1ee")]
    [InlineData("1:v0:")]
    [InlineData("1:v1:a")]
    [InlineData("6:yourip4:aaaa")]
    [InlineData("1:zle")]
    public void A_payload_as_long_as_a_frame_may_be_costs_memory_in_proportion_whatever_is_repeated_in_it(string repeated)
    {
        byte[] payload = System.Text.Encoding.ASCII.GetBytes(
            "d" + string.Concat(Enumerable.Repeat(repeated, (PeerWireDecoder.MaxFrameLength - 4) / repeated.Length)) + "e");
        long enough = 64 * 1024 + (64L * payload.Length);
        bool isRead = false;

        long allocated = Allocation.Least(() => isRead = ExtensionHandshake.TryParse(payload, out _), enough);

        Assert.True(isRead);
        Assert.InRange(allocated, 0, enough);
    }

    private static byte[] Write(ExtensionHandshake handshake)
    {
        var writer = new ArrayBufferWriter<byte>();
        handshake.Write(writer);
        return writer.WrittenSpan.ToArray();
    }
}
