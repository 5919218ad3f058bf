using BenchmarkDotNet.Attributes;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Benchmarks.Peers;

/// <summary>
/// Writes the small messages a download sends most. Gate: 0 bytes allocated. Shows what one message costs; a gibibyte takes
/// 65,536 requests and, for each other peer, some thousand haves.
/// </summary>
[MemoryDiagnoser]
public class PeerMessageWriterBenchmarks
{
    private const int Messages = 256;
    private readonly byte[] _buffer = new byte[Messages * 17];

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Requests()
    {
        int length = 0;
        for (int i = 0; i < Messages; i++)
            length += PeerMessageWriter.WriteRequest(_buffer.AsSpan(length), new BlockRequest(i >> 4, (i & 15) * BlockRequest.BlockSize, BlockRequest.BlockSize));
        return length;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Haves()
    {
        int length = 0;
        for (int i = 0; i < Messages; i++)
            length += PeerMessageWriter.WriteHave(_buffer.AsSpan(length), i);
        return length;
    }
}
