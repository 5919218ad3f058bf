using System.Net;

namespace OurTorrent.Tests.EndToEnd;

/// <summary>Whole sessions on loopback.</summary>
public sealed class TransferTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(16 * 1024, 1)]
    [InlineData(16 * 1024, 16 * 1024)]
    [InlineData(32 * 1024, 1_000_003)]
    [InlineData(256 * 1024, 30_000_000)]
    public async Task A_file_arrives_whole(int pieceLength, int length)
    {
        await DownloadAsync(TestContent.Create("file.bin", pieceLength, ("", length)));
    }

    [Fact]
    public async Task Nested_folders_odd_sizes_and_empty_files_arrive_whole()
    {
        await DownloadAsync(TestContent.Create(
            "album",
            32 * 1024,
            ("a/one.bin", 100_001),
            ("a/b/empty", 0),
            ("a/b/ü ñ 漢字.txt", 17),
            ("c/two.bin", 1_234_567),
            ("zero", 0),
            ("last", 1)));
    }

    private async Task DownloadAsync(TestContent content)
    {
        content.WriteTo(_folder["seed"]);
        await using Session seeder = await StartAsync("seeder");
        Torrent seed = await seeder.AddAsync(content.Metainfo, new TorrentOptions { Directory = _folder["seed"] }, Cancelled);
        await seed.Completion.WaitAsync(Limit, Cancelled);
        Assert.Equal(TorrentState.Seeding, seed.Status.State);
        Assert.Equal(seed.Status.BytesWanted, seed.Status.BytesFound);

        await using Session leecher = await StartAsync("leecher");
        Torrent torrent = await leecher.AddAsync(
            content.Metainfo,
            new TorrentOptions { Directory = _folder["leech"], Peers = [new IPEndPoint(IPAddress.Loopback, seeder.ListenEndPoints[0].Port)] },
            Cancelled);
        await torrent.Completion.WaitAsync(Limit, Cancelled);
        content.AssertIn(_folder["leech"]);
        Assert.True(torrent.Status.IsComplete);
        Assert.Equal(0, torrent.Status.BytesFound);
    }

    private Task<Session> StartAsync(string name) => Session.StartAsync(
        new SessionOptions { Port = 0, BindAddress = IPAddress.Loopback, StateDirectory = _folder[name] }, Cancelled);
}
