using System.Net;
using System.Text;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.Swarms;

/// <summary>What is said on the wire, and when (BEP 3, 6, 10, 21).</summary>
public sealed class PeerDialogueTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("file.bin", 32 * 1024, ("", 450_000));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_chokes_is_sent_no_requests_until_it_unchokes(bool isFast)
    {
        (_, RawPeer peer) = await LeechAsync(isFast);
        using (peer)
        {
            await SayAllAsync(peer, isFast);
            await peer.ReadAsync(PeerMessageType.Interested);

            // Whatever is to come would be before the answer to this.
            await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(0, 0, 16384)));
            if (isFast)
                Assert.Equal(PeerMessageType.Reject, (await peer.ReadAsync())!.Type);
            await peer.SendAsync(PeerMessageWriter.WriteUnchoke);
            Assert.Equal(PeerMessageType.Request, (await peer.ReadAsync())!.Type);
        }
    }

    [Fact]
    public async Task Allowed_fast_pieces_are_asked_for_and_received_while_choked()
    {
        (Torrent torrent, RawPeer peer) = await LeechAsync(isFast: true);
        using (peer)
        {
            await SayAllAsync(peer, isFast: true);
            await peer.SendAsync(writer => PeerMessageWriter.WriteAllowedFast(writer, 3));
            for (int block = 0; block < 2; block++)
            {
                BlockRequest request = (await peer.ReadAsync(PeerMessageType.Request)).Request;
                Assert.Equal(3, request.Piece);
                await peer.SendBlockAsync(request, BlockOf(request));
            }

            await Rig.UntilAsync(() => torrent.Status.Pieces[3]);
            Assert.Equal(1, torrent.Status.Pieces.Count);
        }
    }

    [Fact]
    public async Task A_refused_allowed_fast_piece_is_not_asked_for_again()
    {
        (_, RawPeer peer) = await LeechAsync(isFast: true);
        using (peer)
        {
            await SayAllAsync(peer, isFast: true);
            await peer.SendAsync(writer => PeerMessageWriter.WriteAllowedFast(writer, 3));
            for (int block = 0; block < 2; block++)
            {
                BlockRequest refused = (await peer.ReadAsync(PeerMessageType.Request)).Request;
                Assert.Equal(3, refused.Piece);
                await peer.SendAsync(writer => PeerMessageWriter.WriteReject(writer, refused));
            }

            await peer.SendAsync(writer => PeerMessageWriter.WriteAllowedFast(writer, 4));
            Assert.Equal(4, (await peer.ReadAsync(PeerMessageType.Request)).Request.Piece);
            Assert.Equal(4, (await peer.ReadAsync(PeerMessageType.Request)).Request.Piece);
        }
    }

    [Fact]
    public async Task Refused_blocks_are_asked_of_the_others_at_once()
    {
        (Torrent torrent, RawPeer refuser) = await LeechAsync(isFast: true);
        using var listener = new RawListener("127.0.0.3");
        using (refuser)
        {
            await SayAllAsync(refuser, isFast: true);
            await refuser.SendAsync(PeerMessageWriter.WriteUnchoke);
            await refuser.ReadAsync(PeerMessageType.Request);
            torrent.AddPeer(listener.EndPoint);
            using RawPeer other = await listener.AcceptAsync();
            ScriptedSeed seed = await ScriptedSeed.OpenAsync(_content, other, 2);
            Task serving = seed.ServeAsync();
            Task refusing = RefuseAllAsync(refuser);
            await Rig.WithinAsync(torrent.Completion);
            _content.AssertIn(_rig.Folder["leech"]);
            await torrent.StopAsync(TestContext.Current.CancellationToken);
            await Rig.WithinAsync(Task.WhenAll(serving, refusing));
        }
    }

    [Fact]
    public async Task A_choke_without_the_Fast_extension_drops_all_requests_and_late_blocks_are_forgiven()
    {
        (Torrent torrent, RawPeer peer) = await LeechAsync(isFast: false);
        using (peer)
        {
            await SayAllAsync(peer, isFast: false);
            await peer.SendAsync(PeerMessageWriter.WriteUnchoke);
            BlockRequest first = (await peer.ReadAsync(PeerMessageType.Request)).Request;
            for (int i = 1; i < 4; i++)
                await peer.ReadAsync(PeerMessageType.Request);
            await peer.SendAsync(PeerMessageWriter.WriteChoke);
            await Rig.UntilAsync(() => torrent.Peers is [{ RequestsPending: 0 }]);

            // This one was on its way when we were choked.
            await peer.SendBlockAsync(first, BlockOf(first));
            await peer.SendAsync(PeerMessageWriter.WriteUnchoke);
            var seed = new ScriptedSeed(_content, peer);
            Task serving = seed.ServeAsync();
            await Rig.WithinAsync(torrent.Completion);
            await torrent.StopAsync(TestContext.Current.CancellationToken);
            await Rig.WithinAsync(serving);
            _content.AssertIn(_rig.Folder["leech"]);
            Assert.Equal(first.Length, torrent.Status.BytesWasted);
        }
    }

    [Fact]
    public async Task A_choke_with_the_Fast_extension_leaves_requests_standing_until_each_is_refused_or_answered()
    {
        (Torrent torrent, RawPeer peer) = await LeechAsync(isFast: true);
        using (peer)
        {
            await SayAllAsync(peer, isFast: true);
            await peer.SendAsync(PeerMessageWriter.WriteUnchoke);
            var asked = new List<BlockRequest>();
            for (int i = 0; i < 4; i++)
                asked.Add((await peer.ReadAsync(PeerMessageType.Request)).Request);
            await peer.SendAsync(PeerMessageWriter.WriteChoke);
            await peer.SendBlockAsync(asked[0], BlockOf(asked[0]));
            await Rig.UntilAsync(() => torrent.Peers is [{ IsUnchoking: false, RequestsPending: 3 }]);
            Assert.Equal(0, torrent.Status.BytesWasted);
            for (int i = 1; i < 4; i++)
                await peer.SendAsync(writer => PeerMessageWriter.WriteReject(writer, asked[i]));
            await Rig.UntilAsync(() => torrent.Peers is [{ RequestsPending: 0 }]);
        }
    }

    [Fact]
    public async Task Blocks_asked_of_two_in_the_endgame_are_taken_back_from_the_slower()
    {
        TestContent content = TestContent.Create("file.bin", 64 * 1024, ("", 64 * 1024));
        using var slow = new RawListener("127.0.0.2");
        using var fast = new RawListener("127.0.0.3");
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, content, null, slow.EndPoint);
        using RawPeer slowPeer = await slow.AcceptAsync();
        await ScriptedSeed.OpenAsync(content, slowPeer, 1);
        var asked = new List<BlockRequest>();
        while (asked.Count < 4)
            asked.Add((await slowPeer.ReadAsync(PeerMessageType.Request)).Request);

        // The first has been asked for everything and sends nothing. The second sends one block, and the rest later.
        var goOn = new TaskCompletionSource();
        torrent.AddPeer(fast.EndPoint);
        using RawPeer fastPeer = await fast.AcceptAsync();
        int answered = 0;
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(content, fastPeer, 2, async (_, block) =>
        {
            if (++answered > 1)
                await Rig.WithinAsync(goOn.Task);
            return block;
        });
        Task serving = seed.ServeAsync();
        BlockRequest cancelled = (await slowPeer.ReadAsync(PeerMessageType.Cancel)).Request;
        Assert.Equal(asked[^1], cancelled);

        // What was taken back may still come, and costs nobody anything.
        foreach (BlockRequest request in new[] { cancelled, asked[0] })
            await slowPeer.SendBlockAsync(request, seed.BlockOf(request));
        goOn.SetResult();
        await Rig.WithinAsync(torrent.Completion);
        Assert.Equal(cancelled.Length, torrent.Status.BytesWasted);
        content.AssertIn(_rig.Folder["leech"]);
        Assert.Empty(_rig.Log.With("UnrequestedBlock"));
        await torrent.StopAsync(TestContext.Current.CancellationToken);
        await Rig.WithinAsync(serving);
    }

    [Fact]
    public async Task A_seeder_unchokes_who_is_interested_serves_what_is_asked_each_once()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(await _rig.SeedAsync(_content));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await peer.ReadAsync(PeerMessageType.HaveAll);
        await peer.SendAsync(PeerMessageWriter.WriteInterested);
        await peer.ReadAsync(PeerMessageType.Unchoke);
        var request = new BlockRequest(13, 16384, 450_000 - (13 * 32768) - 16384);
        await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, request));
        Received piece = await peer.ReadAsync(PeerMessageType.Piece);
        Assert.Equal(request, piece.Block);
        Assert.Equal(BlockOf(request), piece.Body);

        // A cancel that comes too late takes nothing back; each request has one answer.
        await peer.SendAsync(writer =>
        {
            PeerMessageWriter.WriteCancel(writer, request);
            PeerMessageWriter.WriteRequest(writer, new BlockRequest(0, 0, 100));
        });
        Received next = (await peer.ReadAsync())!;
        Assert.Equal(new BlockRequest(0, 0, 100), next.Block);
        Assert.Equal(BlockOf(next.Block), next.Body);
    }

    [Fact]
    public async Task Allowed_fast_pieces_are_served_to_a_choked_peer_and_others_are_not()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(await _rig.SeedAsync(_content));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await peer.ReadAsync(PeerMessageType.HaveAll);
        var allowed = new HashSet<int>();
        while (allowed.Count < AllowedFastSet.DefaultCount)
            allowed.Add((await peer.ReadAsync(PeerMessageType.AllowedFast)).Piece);
        int other = Enumerable.Range(0, 14).First(piece => !allowed.Contains(piece));

        await peer.SendAsync(writer =>
        {
            PeerMessageWriter.WriteRequest(writer, new BlockRequest(other, 0, 16384));
            PeerMessageWriter.WriteRequest(writer, new BlockRequest(allowed.First(), 0, 16384));
        });
        Received refused = await peer.ReadAsync(PeerMessageType.Reject);
        Assert.Equal(other, refused.Request.Piece);
        Received served = await peer.ReadAsync(PeerMessageType.Piece);
        Assert.Equal(BlockOf(served.Block), served.Body);
    }

    [Fact]
    public async Task Who_has_ten_pieces_already_is_no_newcomer_and_gets_none_while_it_is_choked()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(await _rig.SeedAsync(_content));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        int allowed = (await peer.ReadAsync(PeerMessageType.AllowedFast)).Piece;
        var request = new BlockRequest(allowed, 0, 16384);
        int[] others = [.. Enumerable.Range(0, 14).Where(piece => piece != allowed).Take(AllowedFastSet.DefaultCount)];
        await peer.SendAsync(writer =>
        {
            PeerMessageWriter.WriteHaveNone(writer);
            foreach (int piece in others[1..])
                PeerMessageWriter.WriteHave(writer, piece);
            PeerMessageWriter.WriteRequest(writer, request);
            PeerMessageWriter.WriteHave(writer, others[0]);
            PeerMessageWriter.WriteRequest(writer, request with { Length = 100 });
        });

        Assert.Equal(100, (await peer.ReadAsync(PeerMessageType.Reject)).Request.Length);
        Assert.Equal(BlockOf(request), (await peer.ReadAsync(PeerMessageType.Piece)).Body);
    }

    [Fact]
    public async Task A_peer_may_send_its_bitfield_again_with_every_piece_it_gets_as_aria2_does()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(await _rig.SeedAsync(_content));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        var pieces = new Bitfield(14);
        for (int piece = 0; piece < 13; piece++)
        {
            pieces.Add(piece);
            await peer.SendAsync(writer => PeerMessageWriter.WriteBitfield(writer, pieces));
        }

        await peer.SendAsync(PeerMessageWriter.WriteInterested);
        await peer.ReadAsync(PeerMessageType.Unchoke);
        var request = new BlockRequest(13, 0, 16384);
        await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, request));
        Assert.Equal(BlockOf(request), (await peer.ReadAsync(PeerMessageType.Piece)).Body);
    }

    [Fact]
    public async Task A_choked_peer_without_the_Fast_extension_is_not_answered()
    {
        using RawPeer peer = await RawPeer.ConnectAsync(await _rig.SeedAsync(_content));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, PeerCapabilities.None);
        Assert.Equal(14, (await peer.ReadAsync(PeerMessageType.Bitfield)).Body.Sum(part => System.Numerics.BitOperations.PopCount(part)));
        await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(0, 0, 16384)));
        await peer.SendAsync(PeerMessageWriter.WriteInterested);
        Assert.Equal(PeerMessageType.Unchoke, (await peer.ReadAsync())!.Type);
        await peer.SendAsync(writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(1, 0, 16384)));
        Assert.Equal(1, (await peer.ReadAsync(PeerMessageType.Piece)).Block.Piece);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_seeder_leaves_who_can_want_nothing(bool bySayingSo)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(await _rig.SeedAsync(_content));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, RawPeer.Everything);
        if (bySayingSo)
            await peer.SendAsync(writer => PeerMessageWriter.WriteExtended(writer, 0, "d11:upload_onlyi1ee"u8));
        else
            await peer.SendAsync(PeerMessageWriter.WriteHaveAll);
        await peer.ReadToEndAsync();
        await _rig.Log.WaitAsync("closed: BothComplete");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_bytes_of_a_connection_are_as_the_protocol_has_them(bool isSeeding)
    {
        Session session;
        if (isSeeding)
        {
            _content.WriteTo(_rig.Folder["leech"]);
        }

        session = await _rig.StartAsync("one", options => options with { ClientName = "Test 1.2", PeerId = RawPeer.IdOf(99) });
        Torrent torrent = await _rig.AddAsync(session, _content);
        if (isSeeding)
            await Rig.WithinAsync(torrent.Completion);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, RawPeer.Everything);
        Assert.Equal(PeerCapabilities.ExtensionProtocol | PeerCapabilities.Fast, peer.Theirs.Capabilities);
        Assert.Equal(_content.Metainfo.InfoHashes.Wire, peer.Theirs.InfoHash);
        Assert.Equal(RawPeer.IdOf(99), peer.Theirs.PeerId);

        Received extended = (await peer.ReadAsync())!;
        Assert.Equal(PeerMessageType.Extended, extended.Type);
        string expected = $"\0d1:mde1:pi{session.ListenEndPoints[0].Port}e4:reqqi2000e11:upload_onlyi{(isSeeding ? 1 : 0)}e1:v8:Test 1.26:yourip4:\u007f\0\0\u0001e";
        Assert.Equal(expected, Encoding.Latin1.GetString(extended.Body));
        Assert.Equal(isSeeding ? PeerMessageType.HaveAll : PeerMessageType.HaveNone, (await peer.ReadAsync())!.Type);
    }

    [Fact]
    public async Task A_peer_is_known_by_the_name_it_gives_itself_and_asked_for_no_more_than_it_takes()
    {
        (Torrent torrent, RawPeer peer) = await LeechAsync(isFast: true, RawPeer.Everything);
        using (peer)
        {
            await peer.SendAsync(writer => PeerMessageWriter.WriteExtended(writer, 0, "d4:reqqi2e1:v5:Caf\u00e9e"u8));
            await SayAllAsync(peer, isFast: true);
            await peer.SendAsync(PeerMessageWriter.WriteUnchoke);
            await peer.ReadAsync(PeerMessageType.Request);
            await peer.ReadAsync(PeerMessageType.Request);
            PeerStatus status = Assert.Single(torrent.Peers);
            Assert.Equal(2, status.RequestsPending);
            Assert.Equal("Caf\u00e9", status.Client);
        }
    }

    [Fact]
    public async Task The_same_peer_twice_is_let_in_once()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        using RawPeer first = await RawPeer.ConnectAsync(seeder);
        using RawPeer second = await RawPeer.ConnectAsync(seeder);
        await first.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await Assert.ThrowsAsync<IOException>(() => second.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire));
        await first.ReadAsync(PeerMessageType.HaveAll);
        await _rig.Log.WaitAsync($"{second.LocalEndPoint}: closed: Duplicate");
    }

    [Fact]
    public async Task One_peer_an_address_is_let_in_where_that_is_the_rule()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content, options => options with { AllowSeveralPeersPerAddress = false });
        using RawPeer first = await RawPeer.ConnectAsync(seeder);
        using RawPeer second = await RawPeer.ConnectAsync(seeder);
        using RawPeer third = await RawPeer.ConnectAsync(seeder, "127.0.0.4");
        await first.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(1));
        await Assert.ThrowsAsync<IOException>(() => second.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(2)));
        await third.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(3));
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(10, true)]
    public async Task Peers_that_dial_each_other_at_once_keep_the_connection_that_the_greater_id_has_dialled(int theirs, bool keepsOurs)
    {
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech", options => options with { PeerId = RawPeer.IdOf(100) });
        Torrent torrent = await _rig.AddAsync(session, _content, null, listener.EndPoint);
        using RawPeer dialled = await listener.AcceptAsync();
        await dialled.ReadHandshakeAsync();
        using RawPeer dialling = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await dialling.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(theirs));
        await Rig.UntilAsync(() => torrent.Status.PeersConnected == 1);
        var bytes = new byte[PeerHandshake.WireLength];
        new PeerHandshake(PeerCapabilities.Fast, _content.Metainfo.InfoHashes.Wire, RawPeer.IdOf(theirs)).Write(bytes);
        await dialled.SendAsync(bytes);

        await (keepsOurs ? dialling : dialled).ReadToEndAsync();
        await Rig.UntilAsync(() => torrent.Peers is [{ } peer] && peer.IsIncoming == !keepsOurs);
    }

    [Fact]
    public async Task A_connection_to_ourselves_is_left_and_not_tried_again()
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        torrent.AddPeer(Rig.EndPointOf(session));
        await _rig.Log.WaitAsync("closed: Self");
        await Rig.UntilAsync(() => torrent.Status is { PeersKnown: 0, PeersConnected: 0 });
        torrent.AddPeer(Rig.EndPointOf(session));
        Assert.Equal(0, torrent.Status.PeersKnown);
        Assert.Equal(0, session.GetStatistics().HalfOpen);
    }

    [Fact]
    public async Task A_peer_that_says_where_it_listens_is_not_dialled_while_it_is_connected()
    {
        using var listener = new RawListener();
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, RawPeer.Everything);
        await peer.SendAsync(writer => PeerMessageWriter.WriteExtended(writer, 0, Encoding.ASCII.GetBytes($"d1:pi{listener.EndPoint.Port}ee")));
        await Rig.UntilAsync(() => torrent.Status.PeersKnown == 1);
        PeerStatus status = Assert.Single(torrent.Peers);
        Assert.True(status.Source.HasFlag(PeerSource.Incoming));

        // Whoever is to be dialled is, as soon as another one is made known.
        using var other = new RawListener();
        torrent.AddPeer(other.EndPoint);
        using RawPeer accepted = await other.AcceptAsync();
        Assert.Equal(1, session.GetStatistics().PeersConnected);
        Assert.Equal(2, torrent.Status.PeersKnown);
        Assert.Empty(_rig.Log.With("Duplicate"));
    }

    [Fact]
    public async Task Peers_beyond_the_limits_are_turned_away_and_let_in_when_there_is_room()
    {
        Session session = await _rig.StartAsync("leech", options => options with { MaxPeers = 3 });
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { MaxPeers = 2 });
        RawPeer[] peers = new RawPeer[4];
        for (int i = 0; i < 2; i++)
        {
            peers[i] = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
            await peers[i].ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(i));
        }

        // The third is one too many for the torrent; a fourth, beside a silent third, for the session.
        peers[2] = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await Assert.ThrowsAsync<IOException>(() => peers[2].ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(2)));
        await _rig.Log.WaitAsync("TooManyPeers");
        peers[2].Dispose();
        peers[2] = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peers[2].SendAsync(19);
        await Rig.UntilAsync(() => session.GetStatistics().PeersConnected == 2);
        peers[3] = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        Assert.Null(await peers[3].ReadHandshakeAsync());

        foreach (RawPeer leaving in new[] { peers[2], peers[0] })
        {
            IPEndPoint endPoint = leaving.LocalEndPoint;
            leaving.Dispose();
            await _rig.Log.WaitAsync($"{endPoint}: closed: ");
        }

        peers[2] = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peers[2].ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(2));
        foreach (RawPeer peer in peers)
            peer.Dispose();
    }

    private byte[] BlockOf(BlockRequest request) => _content.Bytes.AsSpan((request.Piece * 32768) + request.Offset, request.Length).ToArray();

    private static Task SayAllAsync(RawPeer peer, bool isFast) => peer.SendAsync(writer =>
    {
        if (isFast)
        {
            PeerMessageWriter.WriteHaveAll(writer);
            return;
        }

        var all = new Bitfield(14);
        all.Fill();
        PeerMessageWriter.WriteBitfield(writer, all);
    });

    private static async Task RefuseAllAsync(RawPeer peer)
    {
        await peer.SendAsync(PeerMessageWriter.WriteChoke);
        for (int piece = 0; piece < 14; piece++)
        {
            for (int offset = 0; offset < 32768; offset += 16384)
            {
                int length = Math.Min(16384, 450_000 - (piece * 32768) - offset);
                await peer.SendAsync(writer => PeerMessageWriter.WriteReject(writer, new BlockRequest(piece, offset, length)));
            }
        }

        await peer.ReadToEndAsync();
    }

    /// <summary>A torrent with nothing yet, and a peer that has connected to it and shaken hands.</summary>
    private async Task<(Torrent Torrent, RawPeer Peer)> LeechAsync(bool isFast, PeerCapabilities? capabilities = null)
    {
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, _content);
        RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire, capabilities ?? (isFast ? PeerCapabilities.Fast : PeerCapabilities.None));
        return (torrent, peer);
    }
}
