// Downloads a torrent into memory and prints how much of each file it holds: CustomStorage FILE.torrent [PEER...]
using System.Net;
using CustomStorage;
using OurTorrent;
using OurTorrent.Protocol.Metainfo;

TorrentMetainfo metainfo = TorrentMetainfo.Parse(await File.ReadAllBytesAsync(args[0]));
var memory = new MemoryStorage(metainfo);
await using Session session = await Session.StartAsync(new SessionOptions { Port = 0 });
Torrent torrent = await session.AddAsync(metainfo, new TorrentOptions
{
    Storage = memory,
    Peers = [.. args.Skip(1).Select(IPEndPoint.Parse)],
});

await torrent.Completion;
foreach (TorrentFile file in metainfo.Files.Where(file => !file.IsPadding))
    Console.WriteLine($"{file.DisplayPath}: {memory.ContentOf(file.Index).Length} bytes in memory");
