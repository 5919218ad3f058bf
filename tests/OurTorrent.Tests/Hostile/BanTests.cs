using OurTorrent.Tests.EndToEnd;

namespace OurTorrent.Tests.Hostile;

/// <summary>Who sends false blocks is found and banned, and nobody else.</summary>
public sealed class BanTests : IAsyncLifetime
{
    private readonly Rig _rig = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_peer_that_sends_a_whole_false_piece_is_banned_and_the_download_completes_from_another()
    {
        TestContent content = TestContent.Create("file.bin", 64 * 1024, ("", 320 * 1024));
        using var bad = new RawListener("127.0.0.2");
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, content, null, bad.EndPoint);
        using RawPeer raw = await bad.AcceptAsync();
        ScriptedSeed liar = await ScriptedSeed.OpenAsync(content, raw, 1, (_, block) => Task.FromResult(Spoil(block)));
        Task serving = liar.ServeAsync();
        await _rig.Log.WaitAsync("peer 127.0.0.2 sent a bad block and is banned");
        await Rig.WithinAsync(serving);
        Assert.True(torrent.Status.BytesWasted >= 64 * 1024);
        Assert.Equal(0, torrent.Status.BytesCompleted);

        // It cannot come back by either way.
        torrent.AddPeer(bad.EndPoint);
        using RawPeer again = await RawPeer.ConnectAsync(Rig.EndPointOf(session), "127.0.0.2");
        await Assert.ThrowsAsync<IOException>(() => again.ShakeHandsAsync(content.Metainfo.InfoHashes.Wire, id: RawPeer.IdOf(7)));
        await _rig.Log.WaitAsync($"{again.LocalEndPoint}: closed: Banned");

        torrent.AddPeer(await _rig.SeedAsync(content));
        await Rig.WithinAsync(torrent.Completion);
        content.AssertIn(_rig.Folder["leech"]);
    }

    [Fact]
    public async Task Of_several_senders_only_the_one_of_the_false_block_is_banned_however_often_it_takes_part()
    {
        // One piece that both send blocks of: the good one's blocks are in each failed attempt as well.
        TestContent content = TestContent.Create("file.bin", 256 * 1024, ("", 256 * 1024));
        using var bad = new RawListener("127.0.0.2");
        using var good = new RawListener("127.0.0.3");
        Session session = await _rig.StartAsync("leech");
        Torrent torrent = await _rig.AddAsync(session, content, null, bad.EndPoint, good.EndPoint);
        using RawPeer badPeer = await bad.AcceptAsync();
        using RawPeer goodPeer = await good.AcceptAsync();

        // Neither answers before both were asked, so that the first attempt is certainly the work of both.
        var badAsked = new TaskCompletionSource();
        var goodAsked = new TaskCompletionSource();
        ScriptedSeed liar = await ScriptedSeed.OpenAsync(content, badPeer, 1, async (_, block) =>
        {
            badAsked.TrySetResult();
            await Rig.WithinAsync(goodAsked.Task);
            return Spoil(block);
        });
        ScriptedSeed honest = await ScriptedSeed.OpenAsync(content, goodPeer, 2, async (_, block) =>
        {
            goodAsked.TrySetResult();
            await Rig.WithinAsync(badAsked.Task);
            return block;
        });
        Task lying = liar.ServeAsync();
        Task serving = honest.ServeAsync();

        await Rig.WithinAsync(torrent.Completion);
        await Rig.WithinAsync(lying);
        content.AssertIn(_rig.Folder["leech"]);
        Assert.Single(_rig.Log.With("is banned"));
        Assert.Single(_rig.Log.With("peer 127.0.0.2 sent a bad block and is banned"));
        Assert.False(serving.IsCompleted && _rig.Log.With("127.0.0.3").Any(line => line.Contains("Banned", StringComparison.Ordinal)));
        Assert.NotEmpty(liar.Asked);
        Assert.NotEmpty(honest.Asked);
        Assert.Empty(_rig.Log.Errors);
    }

    private static byte[] Spoil(byte[] block)
    {
        block[^1] ^= 1;
        return block;
    }
}
