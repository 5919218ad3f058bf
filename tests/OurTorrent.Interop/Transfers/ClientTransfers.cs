using System.Net;
using OurTorrent.Interop.Clients;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Transfers;

/// <summary>What must go with every client: content of every shape, in both directions.</summary>
/// <param name="kind">The client.</param>
public abstract class ClientTransfers(ClientKind kind) : InteropTest
{
    [Theory]
    [InlineData(Shape.SingleFile)]
    [InlineData(Shape.ShortLastPiece)]
    [InlineData(Shape.ManyNestedFiles)]
    [InlineData(Shape.EmptyFiles)]
    [InlineData(Shape.PadFiles)]
    [InlineData(Shape.PadFilesOfLibTorrent)]
    [InlineData(Shape.Private)]
    public Task They_seed_and_we_download(Shape shape) => DownloadFromThemAsync(shape);

    [Theory]
    [InlineData(Shape.SingleFile)]
    [InlineData(Shape.ShortLastPiece)]
    [InlineData(Shape.ManyNestedFiles)]
    [InlineData(Shape.EmptyFiles)]
    [InlineData(Shape.PadFiles)]
    [InlineData(Shape.PadFilesOfLibTorrent)]
    [InlineData(Shape.Private)]
    public Task We_seed_and_they_download(Shape shape) => DownloadFromUsAsync(shape);

    [Fact]
    public async Task We_download_several_torrents_of_theirs_at_once()
    {
        SharedTorrent[] shared = await SeveralAsync();
        await using OtherClient client = await StartClientAsync();
        foreach (SharedTorrent one in shared)
        {
            one.WriteTo(SeedFolder, client.KeepsPadding);
            await client.AddAsync(one, SeedFolder, Cancelled);
        }

        foreach (SharedTorrent one in shared)
            await client.WaitForSeedingAsync(one, Cancelled);

        await using Session session = await StartSessionAsync();
        var torrents = new List<Torrent>();
        foreach (SharedTorrent one in shared)
        {
            torrents.Add(await session.AddAsync(one.Metainfo, Here(client.EndPoint), Cancelled));
            await ConnectedAsync(torrents[^1]);
        }

        foreach (Torrent torrent in torrents)
            await WaitForCompletionAsync(torrent);
        foreach (SharedTorrent one in shared)
            one.Content.AssertIn(DownloadFolder);
    }

    [Fact]
    public async Task They_download_several_torrents_of_ours_at_once()
    {
        SharedTorrent[] shared = await SeveralAsync();
        await using OtherClient client = await StartClientAsync();
        await using Session session = await StartSessionAsync();
        foreach (SharedTorrent one in shared)
        {
            one.WriteTo(SeedFolder);
            await client.AddAsync(one, DownloadFolder, Cancelled);
            await client.WaitForPeersWelcomeAsync(one, Cancelled);
            await ConnectedAsync(await SeedAsync(session, one, SeedFolder, client.EndPoint));
        }

        foreach (SharedTorrent one in shared)
            await client.WaitForSeedingAsync(one, Cancelled);
        await client.StopAsync(Cancelled);
        foreach (SharedTorrent one in shared)
            one.Content.AssertIn(DownloadFolder);
    }

    [Fact]
    public async Task We_go_on_with_a_download_that_they_began()
    {
        SharedTorrent shared = await SharedTorrent.CreateAsync(Shape.ManyNestedFiles, Folder("torrent"), Cancelled);
        long half = shared.WriteBeginningTo(Folder("half"), shared.Metainfo.PieceCount / 2);
        await using (OtherClient client = await StartClientAsync())
        await using (Session seeder = await StartSessionAsync())
        {
            await client.AddAsync(shared, DownloadFolder, Cancelled);
            await client.WaitForPeersWelcomeAsync(shared, Cancelled);
            await SeedPartAsync(seeder, shared, Folder("half"), client.EndPoint);
            await client.WaitForBytesAsync(shared, half, Cancelled);
            await client.StopAsync(Cancelled);
        }

        shared.WriteTo(SeedFolder);
        await using Session full = await StartSessionAsync();
        await SeedAsync(full, shared, SeedFolder);
        await using Session leecher = await StartSessionAsync();
        Torrent torrent = await leecher.AddAsync(shared.Metainfo, Here(full.ListenEndPoints[0]), Cancelled);
        await WaitForCompletionAsync(torrent);
        Assert.Equal(shared.Metainfo.TotalSize - half, torrent.Status.BytesDownloaded);
        shared.Content.AssertIn(DownloadFolder);
    }

    [Fact]
    public async Task They_go_on_with_a_download_that_we_began()
    {
        SharedTorrent shared = await SharedTorrent.CreateAsync(Shape.ManyNestedFiles, Folder("torrent"), Cancelled);
        long half = shared.WriteBeginningTo(Folder("half"), shared.Metainfo.PieceCount / 2);
        await using (Session seeder = await StartSessionAsync())
        await using (Session leecher = await StartSessionAsync())
        {
            await SeedPartAsync(seeder, shared, Folder("half"));
            Torrent torrent = await leecher.AddAsync(shared.Metainfo, Here(seeder.ListenEndPoints[0]), Cancelled);
            await Patience.UntilAsync(
                () => torrent.Status.BytesCompleted >= half, () => $"half of our download: {torrent.Status}", Cancelled);
            Assert.Equal(half, torrent.Status.BytesCompleted);
        }

        shared.WriteTo(SeedFolder);
        await using OtherClient client = await StartClientAsync();
        await client.AddAsync(shared, DownloadFolder, Cancelled);
        await client.WaitForBytesAsync(shared, half, Cancelled);
        await client.WaitForPeersWelcomeAsync(shared, Cancelled);
        await using Session full = await StartSessionAsync();
        Torrent seed = await SeedAsync(full, shared, SeedFolder, client.EndPoint);
        await client.WaitForSeedingAsync(shared, Cancelled);
        Assert.Equal(shared.Metainfo.TotalSize - half, seed.Status.BytesUploaded);
        await client.StopAsync(Cancelled);
        shared.Content.AssertIn(DownloadFolder);
    }

    /// <summary>They seed, and we connect to them and download.</summary>
    protected async Task DownloadFromThemAsync(Shape shape)
    {
        SharedTorrent shared = await SharedTorrent.CreateAsync(shape, Folder("torrent"), Cancelled);
        await using OtherClient client = await StartClientAsync();
        shared.WriteTo(SeedFolder, client.KeepsPadding);
        await client.AddAsync(shared, SeedFolder, Cancelled);
        await client.WaitForSeedingAsync(shared, Cancelled);

        await using Session session = await StartSessionAsync();
        Torrent torrent = await session.AddAsync(shared.Metainfo, Here(client.EndPoint), Cancelled);
        await WaitForCompletionAsync(torrent);
        shared.Content.AssertIn(DownloadFolder);
        Assert.Equal(0, torrent.Status.BytesWasted);
    }

    /// <summary>We seed and connect to them, and they download.</summary>
    protected async Task DownloadFromUsAsync(Shape shape)
    {
        SharedTorrent shared = await SharedTorrent.CreateAsync(shape, Folder("torrent"), Cancelled);
        shared.WriteTo(SeedFolder);
        await using OtherClient client = await StartClientAsync();
        await client.AddAsync(shared, DownloadFolder, Cancelled);
        await client.WaitForPeersWelcomeAsync(shared, Cancelled);

        await using Session session = await StartSessionAsync();
        await SeedAsync(session, shared, SeedFolder, client.EndPoint);
        await client.WaitForSeedingAsync(shared, Cancelled);
        await client.StopAsync(Cancelled);
        shared.Content.AssertIn(DownloadFolder, client.MakesEmptyFiles);
    }

    /// <summary>
    /// Waits until a torrent of ours has found a peer: transmission answers only one handshake of an address at a time, and
    /// who was turned away comes back only after half a minute.
    /// </summary>
    private static Task ConnectedAsync(Torrent torrent) => Patience.UntilAsync(
        () => torrent.Status is { PeersConnected: > 0 } or { BytesDownloaded: > 0 } or { BytesUploaded: > 0 },
        () => $"a peer of {torrent.Metainfo.Name}: {torrent.Status}",
        Cancelled);

    private Task<OtherClient> StartClientAsync() => OtherClient.StartAsync(kind, Folder("client"), Cancelled);

    private TorrentOptions Here(IPEndPoint peer) => new() { Directory = DownloadFolder, Peers = [peer] };

    private async Task<SharedTorrent[]> SeveralAsync() =>
    [
        await SharedTorrent.CreateAsync(Shape.SingleFile, Folder("torrent 1"), Cancelled),
        await SharedTorrent.CreateAsync(Shape.ManyNestedFiles, Folder("torrent 2"), Cancelled),
        await SharedTorrent.CreateAsync(Shape.ShortLastPiece, Folder("torrent 3"), Cancelled),
    ];
}
