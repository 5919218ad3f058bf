using BenchmarkDotNet.Attributes;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Benchmarks.Metainfo;

/// <summary>
/// Reads and checks a torrent file whole, info-hash included. Gate: what is allocated stays near the size of the file.
/// Shows what adding a torrent costs before anything is opened.
/// </summary>
[MemoryDiagnoser]
public class TorrentMetainfoBenchmarks
{
    private byte[] _file = [];

    /// <summary>The torrent file.</summary>
    [Params(SampleTorrent.Ubuntu, SampleTorrent.Sintel, SampleTorrent.Hybrid)]
    public string Torrent { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _file = SampleTorrent.Read(Torrent);

    [Benchmark]
    public TorrentMetainfo Parse() => TorrentMetainfo.Parse(_file);
}
