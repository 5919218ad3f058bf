using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Benchmarks.Storage;

/// <summary>
/// Hashes the blocks of a piece of 256 KiB as they come in order (BEP 3). Gate: 0 bytes allocated for a piece. One operation is
/// one piece, so that 140 us is 1.87 GB/s; beside it SHA-1 over the same bytes in one call, below which nothing can go.
/// </summary>
[MemoryDiagnoser]
public class PieceHasherBenchmarks : IDisposable
{
    private readonly PieceHasher _hasher = new();
    private byte[] _piece = [];
    private TorrentMetainfo? _metainfo;

    [GlobalSetup]
    public void Setup()
    {
        _metainfo = TorrentMetainfo.Parse(SampleTorrent.Read(SampleTorrent.Ubuntu));
        _piece = new byte[_metainfo.PieceLength];
        new Random(1).NextBytes(_piece);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _hasher.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool BlockByBlock()
    {
        _hasher.Begin(_metainfo!, 0);
        for (int offset = 0; offset < _piece.Length; offset += BlockRequest.BlockSize)
            _hasher.AppendV1(_piece.AsSpan(offset, BlockRequest.BlockSize));
        return _hasher.Matches();
    }

    [Benchmark(Baseline = true)]
    public int PlainSha1()
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        return SHA1.HashData(_piece, digest);
    }
}
