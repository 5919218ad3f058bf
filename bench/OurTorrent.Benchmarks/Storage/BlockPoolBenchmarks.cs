using BenchmarkDotNet.Attributes;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Benchmarks.Storage;

/// <summary>
/// Takes blocks from the pool and gives them back. Gate: 0 bytes allocated once the pool has grown. One operation is one block.
/// </summary>
[MemoryDiagnoser]
public class BlockPoolBenchmarks
{
    private const int Blocks = 512;

    private readonly BlockPool _pool = new(2L * Blocks * BlockRequest.BlockSize);
    private readonly BlockBuffer[] _rented = new BlockBuffer[Blocks];

    [Benchmark(OperationsPerInvoke = Blocks)]
    public int RentAndRelease()
    {
        for (int i = 0; i < Blocks; i++)
            _rented[i] = _pool.Rent();
        int inUse = _pool.InUse;
        foreach (BlockBuffer block in _rented)
            block.Release();
        return inUse;
    }
}
