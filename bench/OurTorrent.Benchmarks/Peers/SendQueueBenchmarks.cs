using BenchmarkDotNet.Attributes;
using OurTorrent.Peers;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Benchmarks.Peers;

/// <summary>
/// What a connection does to send: a batch of requests, or blocks with their headers, gathered and handed to a socket that
/// costs nothing. Gate: 0 bytes allocated. One operation is one message.
/// </summary>
[MemoryDiagnoser]
public class SendQueueBenchmarks
{
    private const int Messages = 64;

    private readonly SendQueue _queue = new();
    private readonly GreedySocket _socket = new();
    private readonly BlockPool _pool = new(Messages * BlockRequest.BlockSize);

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Requests()
    {
        for (int i = 0; i < Messages; i++)
            PeerMessageWriter.WriteRequest(_queue, new BlockRequest(i, 0, BlockRequest.BlockSize));
        _queue.Send(_socket, out int content);
        return content;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Blocks()
    {
        for (int i = 0; i < Messages; i++)
        {
            BlockBuffer block = _pool.Rent();
            block.Length = BlockRequest.BlockSize;
            PeerMessageWriter.WritePieceHeader(_queue, new BlockRequest(i, 0, BlockRequest.BlockSize));
            _queue.Add(block.Filled, block);
        }

        _queue.Send(_socket, out int content);
        return content;
    }
}
