using System.Net;
using OurTorrent.Creation;
using OurTorrent.Engines;
using OurTorrent.Network.Managed;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.EndToEnd;

/// <summary>Torrents of each version, on each network, from one session to another.</summary>
public sealed class VersionTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("album", 32 * 1024, ("a/one.bin", 100_001), ("empty", 0), ("two.bin", 32_768), ("z", 700_000));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(TorrentVersion.V1)]
    [InlineData(TorrentVersion.V2)]
    [InlineData(TorrentVersion.Hybrid)]
    public async Task Content_arrives_whole_whatever_the_version(TorrentVersion version)
    {
        TorrentMetainfo metainfo = await CreateAsync(version);
        Session seeder = await _rig.StartAsync("seed");
        Torrent seed = await seeder.AddAsync(metainfo, new TorrentOptions { Directory = _rig.Folder["seed"] }, Cancelled);
        await Rig.WithinAsync(seed.Completion);
        Session leecher = await _rig.StartAsync("leech");
        Torrent torrent = await leecher.AddAsync(
            metainfo, new TorrentOptions { Directory = _rig.Folder["leech"], Peers = [Rig.EndPointOf(seeder)] }, Cancelled);
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
        Assert.Equal(_content.Bytes.Length, torrent.Status.BytesWanted);
        Assert.Equal(_content.Bytes.Length, torrent.Status.BytesCompleted);
        Assert.Empty(_rig.Log.Errors);
    }

    [Fact]
    public async Task Blocks_that_are_nothing_but_padding_are_never_asked_for()
    {
        TorrentMetainfo metainfo = await CreateAsync(TorrentVersion.Hybrid);
        var bytes = new byte[metainfo.Files.Sum(file => file.Length)];
        foreach ((TorrentFile file, TorrentFile from) in metainfo.Files.Where(file => !file.IsPadding).Zip(_content.Metainfo.Files))
            _content.Bytes.AsSpan((int)from.Offset, (int)from.Length).CopyTo(bytes.AsSpan((int)file.Offset));
        Session leecher = await _rig.StartAsync("leech");
        Torrent torrent = await leecher.AddAsync(metainfo, new TorrentOptions { Directory = _rig.Folder["leech"] }, Cancelled);
        await Rig.WithinAsync(torrent.Checked);
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(leecher));
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(TestContent.Of(metainfo, bytes), peer, 1);
        Task serving = seed.ServeAsync();
        await Rig.WithinAsync(torrent.Completion);
        await torrent.StopAsync(Cancelled);
        await Rig.WithinAsync(serving);

        _content.AssertIn(_rig.Folder["leech"]);
        var asked = seed.Asked.Select(request => ((long)request.Piece * metainfo.PieceLength) + request.Offset).ToHashSet();
        int known = 0;
        for (int start = 0; start < bytes.Length; start += BlockRequest.BlockSize)
        {
            bool hasContent = metainfo.Files.Any(
                file => !file.IsPadding && file.Offset < start + BlockRequest.BlockSize && start < file.Offset + file.Length);
            Assert.Equal(hasContent, asked.Contains(start));
            known += hasContent ? 0 : 1;
        }

        Assert.True(known > 0);
        Assert.All(seed.Asked, request => Assert.True(request.Length == BlockRequest.BlockSize || request.Piece == metainfo.PieceCount - 1));
        Assert.Equal(0, torrent.Status.BytesWasted);
    }

    [Fact]
    public async Task A_hybrid_torrent_is_found_by_either_info_hash_and_answers_with_the_one_that_was_asked_for()
    {
        TorrentMetainfo metainfo = await CreateAsync(TorrentVersion.Hybrid);
        Session seeder = await _rig.StartAsync("seed");
        Torrent seed = await seeder.AddAsync(metainfo, new TorrentOptions { Directory = _rig.Folder["seed"] }, Cancelled);
        await Rig.WithinAsync(seed.Completion);
        InfoHash[] both = [metainfo.InfoHashes.V1!.Value, metainfo.InfoHashes.V2!.Value.Truncate()];
        for (int i = 0; i < both.Length; i++)
        {
            using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(seeder));
            await peer.ShakeHandsAsync(both[i], id: RawPeer.IdOf(i));
            Assert.Equal(both[i], peer.Theirs.InfoHash);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => seeder.AddAsync(metainfo, cancellationToken: Cancelled));
        await seeder.RemoveAsync(seed, Cancelled);
        foreach (InfoHash infoHash in both)
        {
            using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(seeder));
            await Assert.ThrowsAsync<IOException>(() => peer.ShakeHandsAsync(infoHash));
        }
    }

    [Fact]
    public async Task The_network_for_other_systems_carries_a_transfer_as_well()
    {
        _content.WriteTo(_rig.Folder["seed"]);
        await using Session seeder = await StartManagedAsync("seeder");
        Torrent seed = await seeder.AddAsync(_content.Metainfo, new TorrentOptions { Directory = _rig.Folder["seed"] }, Cancelled);
        await Rig.WithinAsync(seed.Completion);
        await using Session leecher = await StartManagedAsync("leecher");
        Torrent torrent = await leecher.AddAsync(
            _content.Metainfo, new TorrentOptions { Directory = _rig.Folder["leech"], Peers = [Rig.EndPointOf(seeder)] }, Cancelled);
        await Rig.WithinAsync(torrent.Completion);
        _content.AssertIn(_rig.Folder["leech"]);
        Assert.Empty(_rig.Log.Errors);
    }

    private async Task<TorrentMetainfo> CreateAsync(TorrentVersion version)
    {
        _content.WriteTo(_rig.Folder["seed"]);
        CreatedTorrent created = await TorrentCreator.CreateAsync(
            Path.Combine(_rig.Folder["seed"], "album"), new TorrentCreateOptions { Version = version, PieceLength = 32 * 1024 }, cancellationToken: Cancelled);
        return created.Metainfo;
    }

    private Task<Session> StartManagedAsync(string name)
    {
        var options = new SessionOptions { Port = 0, BindAddress = IPAddress.Loopback, StateDirectory = _rig.Folder[name], LoggerFactory = _rig.Log };
        return Session.StartAsync(options, EngineEnvironment.Create(options) with { Network = new ManagedNetwork(TimeProvider.System) }, Cancelled);
    }
}
