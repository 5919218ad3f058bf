using OurTorrent.Interop.Clients;
using OurTorrent.Interop.Contents;

namespace OurTorrent.Interop.Transfers;

/// <summary>
/// What goes with libtorrent, and what only it can do: hybrid and v2 torrents (BEP 52), and connecting to a peer it is told.
/// </summary>
public sealed class LibTorrentTransfers() : ClientTransfers(ClientKind.LibTorrent)
{
    [Theory]
    [InlineData(Shape.Hybrid)]
    [InlineData(Shape.HybridOfLibTorrent)]
    [InlineData(Shape.V2)]
    [InlineData(Shape.V2OfLibTorrent)]
    public Task They_seed_a_hybrid_or_v2_torrent_and_we_download(Shape shape) => DownloadFromThemAsync(shape);

    [Theory]
    [InlineData(Shape.Hybrid)]
    [InlineData(Shape.HybridOfLibTorrent)]
    [InlineData(Shape.V2)]
    [InlineData(Shape.V2OfLibTorrent)]
    public Task We_seed_a_hybrid_or_v2_torrent_and_they_download(Shape shape) => DownloadFromUsAsync(shape);

    [Theory]
    [InlineData(Shape.SingleFile)]
    [InlineData(Shape.HybridOfLibTorrent)]
    public async Task They_connect_to_us_and_download(Shape shape)
    {
        SharedTorrent shared = await SharedTorrent.CreateAsync(shape, Folder("torrent"), Cancelled);
        shared.WriteTo(SeedFolder);
        await using Session session = await StartSessionAsync();
        await SeedAsync(session, shared, SeedFolder);
        await using LibTorrent client = await LibTorrent.StartAsync(Folder("libtorrent"), Cancelled);
        await client.AddAsync(shared, DownloadFolder, Cancelled);
        await client.ConnectAsync(shared, session.ListenEndPoints[0], Cancelled);
        await client.WaitForSeedingAsync(shared, Cancelled);
        await client.StopAsync(Cancelled);
        shared.Content.AssertIn(DownloadFolder);
    }
}
