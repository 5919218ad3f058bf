// Downloads a torrent and shows how far it is: Download FILE.torrent FOLDER [PEER...]
using System.Net;
using OurTorrent;
using OurTorrent.Protocol.Metainfo;

TorrentMetainfo metainfo = TorrentMetainfo.Parse(await File.ReadAllBytesAsync(args[0]));
await using Session session = await Session.StartAsync(new SessionOptions { Port = 0 });
Torrent torrent = await session.AddAsync(metainfo, new TorrentOptions
{
    Directory = args[1],
    Peers = [.. args.Skip(2).Select(IPEndPoint.Parse)],
});

await foreach (TorrentStatus status in torrent.WatchAsync(TimeSpan.FromSeconds(1)))
{
    Console.WriteLine($"{status.State} {status.Progress:P1} {status.DownloadRate / 1024} KiB/s from {status.PeersConnected} peers");
    if (status.IsComplete)
        break;
}

await torrent.Completion;
