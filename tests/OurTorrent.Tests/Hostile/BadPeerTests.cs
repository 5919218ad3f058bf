using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.EndToEnd;

namespace OurTorrent.Tests.Hostile;

/// <summary>A bad peer loses its connection and no more: the download beside it completes.</summary>
public sealed class BadPeerTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("file.bin", 32 * 1024, ("", 450_000));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "NotBitTorrent")]
    [InlineData("\u0013BitTorrent protocoL", "NotBitTorrent")]
    [InlineData("\0\0\0\0\0\0\0\0", "NotBitTorrent")]
    public async Task Garbage_in_place_of_a_handshake_ends_the_connection(string garbage, string reason)
    {
        await AttackAsync(reason, async peer => await peer.SendAsync(System.Text.Encoding.Latin1.GetBytes(garbage)));
    }

    [Fact]
    public async Task A_handshake_for_another_torrent_ends_the_connection_unanswered()
    {
        await AttackAsync("WrongInfoHash", async peer =>
        {
            var bytes = new byte[PeerHandshake.WireLength];
            new PeerHandshake(PeerCapabilities.None, new InfoHash(new byte[20]), RawPeer.IdOf(1)).Write(bytes);
            await peer.SendAsync(bytes);
            Assert.Null(await peer.ReadHandshakeAsync());
        });
    }

    [Theory]
    [InlineData("an over-long frame", "ProtocolError")]
    [InlineData("an over-long block", "ProtocolError")]
    [InlineData("a choke with a body", "ProtocolError")]
    [InlineData("a short have", "ProtocolError")]
    [InlineData("a bitfield too long", "ProtocolError")]
    [InlineData("a bitfield with spare bits", "ProtocolError")]
    [InlineData("a have beyond the end", "ProtocolError")]
    [InlineData("a negative have", "ProtocolError")]
    [InlineData("a request beyond the end", "ProtocolError")]
    [InlineData("a request across the end of a piece", "ProtocolError")]
    [InlineData("a request of 32 KiB", "ProtocolError")]
    [InlineData("a request of nothing", "ProtocolError")]
    [InlineData("a block nobody asked for", "UnrequestedBlock")]
    [InlineData("a block of an odd place", "UnrequestedBlock")]
    [InlineData("a block beyond the end", "UnrequestedBlock")]
    public async Task A_message_that_breaks_the_protocol_ends_the_connection(string what, string reason)
    {
        await AttackAsync(reason, async peer =>
        {
            await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
            await peer.SendAsync(MessageOf(what));
        });
    }

    [Theory]
    [InlineData(PeerMessageType.Reject)]
    [InlineData(PeerMessageType.AllowedFast)]
    [InlineData(PeerMessageType.Suggest)]
    public async Task Messages_of_the_Fast_extension_are_refused_where_it_was_not_agreed(PeerMessageType type)
    {
        await AttackAsync("ProtocolError", async peer =>
        {
            await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, PeerCapabilities.None);
            await peer.SendAsync(Frame((byte)type, type == PeerMessageType.Reject ? new byte[12] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0 } : new byte[4]));
        });
    }

    [Fact]
    public async Task A_peer_that_says_again_and_again_what_it_has_is_left()
    {
        await AttackAsync("ProtocolError says again and again what it has", async peer =>
        {
            await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
            for (int i = 0; i < 5; i++)
                await peer.SendAsync(Frame((byte)PeerMessageType.HaveNone));
        });
    }

    [Fact]
    public async Task Messages_nobody_knows_and_extensions_that_are_no_bencode_are_passed_over()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, RawPeer.Everything);
        await peer.SendAsync(Frame(99, 1, 2, 3));
        await peer.SendAsync(Frame((byte)PeerMessageType.Extended, 0, (byte)'x'));
        await peer.SendAsync(Frame((byte)PeerMessageType.Extended, 77, 1, 2, 3));
        await peer.SendAsync(Frame((byte)PeerMessageType.Port, 0, 0));
        await peer.SendAsync(Frame((byte)PeerMessageType.HaveAll));
        await peer.ReadAsync(PeerMessageType.Interested);
        Assert.Equal(1, torrent.Status.SeedsConnected);
        Assert.Empty(_rig.Log.Errors);
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_left_after_twenty_seconds()
    {
        var time = new FakeTimeProvider();
        Session session = await _rig.StartAsync("leech", options => options with { TimeProvider = time });
        await _rig.AddAsync(session, _content);
        using RawPeer silent = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        using RawPeer slow = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await slow.SendAsync(19, (byte)'B');

        await AdvanceAsync(session, time, TimeSpan.FromSeconds(19));
        Assert.Empty(_rig.Log.With("HandshakeTimeout"));
        await AdvanceAsync(session, time, TimeSpan.FromSeconds(3));
        Assert.Null(await silent.ReadHandshakeAsync());
        Assert.Null(await slow.ReadHandshakeAsync());
        Assert.Equal(2, _rig.Log.With("HandshakeTimeout").Count);
    }

    [Fact]
    public async Task A_dialled_peer_that_never_answers_is_left_and_the_half_open_slot_is_free_again()
    {
        var time = new FakeTimeProvider();
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech", options => options with { TimeProvider = time });
        await _rig.AddAsync(session, _content, null, listener.EndPoint);
        using RawPeer peer = await listener.AcceptAsync();
        Assert.NotNull(await peer.ReadHandshakeAsync());
        Assert.Equal(0, session.GetStatistics().HalfOpen);

        await AdvanceAsync(session, time, TimeSpan.FromSeconds(36));
        Assert.Empty(await peer.ReadToEndAsync());
        Assert.Single(_rig.Log.With("HandshakeTimeout"));
    }

    [Fact]
    public async Task A_silent_connection_gets_keep_alives_and_is_left_after_two_and_a_half_minutes()
    {
        var time = new FakeTimeProvider();
        Session session = await _rig.StartAsync("leech", options => options with { TimeProvider = time });
        await _rig.AddAsync(session, _content);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await peer.ReadAsync(PeerMessageType.HaveNone);

        await AdvanceAsync(session, time, TimeSpan.FromSeconds(102));
        await peer.ReadAsync(PeerMessageType.KeepAlive);
        Assert.Empty(_rig.Log.With("Inactive"));
        await AdvanceAsync(session, time, TimeSpan.FromSeconds(50));
        Assert.Empty(await peer.ReadToEndAsync());
        Assert.Single(_rig.Log.With("Inactive"));
    }

    [Fact]
    public async Task A_keep_alive_keeps_a_connection()
    {
        var time = new FakeTimeProvider();
        Session session = await _rig.StartAsync("leech", options => options with { TimeProvider = time });
        Torrent torrent = await _rig.AddAsync(session, _content);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await peer.ReadAsync(PeerMessageType.HaveNone);
        for (int i = 0; i < 4; i++)
        {
            await AdvanceAsync(session, time, TimeSpan.FromSeconds(100));
            await peer.SendAsync(PeerMessageWriter.WriteKeepAlive);

            // The message behind it shows that it was read.
            await peer.SendAsync(writer => PeerMessageWriter.WriteHave(writer, i));
            await Rig.UntilAsync(() => torrent.Peers is [{ Progress: var progress }] && progress > i / 14.0);
        }

        Assert.Equal(1, torrent.Status.PeersConnected);
    }

    [Fact]
    public async Task A_peer_that_asks_without_end_and_reads_nothing_is_left_before_the_answers_fill_the_memory()
    {
        Session session = await _rig.StartAsync("leech");
        await _rig.AddAsync(session, _content);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        var many = new ArrayBufferWriter<byte>();
        for (int i = 0; i < 10_000; i++)
            PeerMessageWriter.WriteRequest(many, new BlockRequest(0, 0, BlockRequest.BlockSize));
        byte[] requests = many.WrittenSpan.ToArray();

        // What the system buffers of the refusals comes on top of what we allow.
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(async () =>
        {
            for (int i = 0; i < 1000; i++)
                await peer.SendAsync(requests);
        });
        await _rig.Log.WaitAsync("does not read");
    }

    private static async Task AdvanceAsync(Session session, FakeTimeProvider time, TimeSpan by)
    {
        for (TimeSpan done = TimeSpan.Zero; done < by; done += TimeSpan.FromSeconds(1))
        {
            time.Advance(TimeSpan.FromSeconds(1));

            // The loop looks at the clock when it is asked something, and at its timers in the same turn.
            session.GetStatistics();
        }

        session.GetStatistics();
    }

    private async Task AttackAsync(string reason, Func<RawPeer, Task> attack)
    {
        IPEndPoint good = await _rig.SeedAsync(_content);
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session), "127.0.0.2");
        await attack(peer);
        await peer.ReadToEndAsync();
        Assert.Contains($"closed: {reason}", await _rig.Log.WaitAsync($"{peer.LocalEndPoint}: closed"), StringComparison.Ordinal);

        torrent.AddPeer(good);
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
        Assert.Empty(_rig.Log.Errors);
        Assert.Equal(0, session.GetStatistics().HalfOpen);
    }

    private static byte[] MessageOf(string what) => what switch
    {
        "an over-long frame" => [0xff, 0xff, 0xff, 0xff, 20, 0, 0, 0],
        "an over-long block" => [0, 0, 0x40, 10, 7, 0, 0, 0, 0, 0, 0, 0, 0],
        "a choke with a body" => Frame(0, 1),
        "a short have" => Frame(4, 0, 0),
        "a bitfield too long" => Frame(5, new byte[3]),
        "a bitfield with spare bits" => Frame(5, 0xff, 0xff),
        "a have beyond the end" => Frame(4, 0, 0, 0, 14),
        "a negative have" => Frame(4, 0xff, 0xff, 0xff, 0xff),
        "a request beyond the end" => Frame(6, Numbers(14, 0, 16384)),
        "a request across the end of a piece" => Frame(6, Numbers(0, 16385, 16384)),
        "a request of 32 KiB" => Frame(6, Numbers(0, 0, 32768)),
        "a request of nothing" => Frame(6, Numbers(0, 0, 0)),
        "a block nobody asked for" => Frame(7, [.. Numbers(0, 0), .. new byte[16384]]),
        "a block of an odd place" => Frame(7, [.. Numbers(0, 1), .. new byte[16384]]),
        "a block beyond the end" => Frame(7, [.. Numbers(14, 0), .. new byte[16384]]),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static byte[] Numbers(params int[] numbers)
    {
        var bytes = new byte[numbers.Length * 4];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * 4), numbers[i]);
        return bytes;
    }

    private static byte[] Frame(byte id, params byte[] body)
    {
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 1 + body.Length);
        frame[4] = id;
        body.CopyTo(frame, 5);
        return frame;
    }
}
