using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;
using OurTorrent.Peers;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Peers;

/// <summary>What leaves on one connection: everything, in order, whatever the socket takes at a time.</summary>
public sealed class SendQueueTests
{
    private readonly BlockPool _pool = new(64 * BlockRequest.BlockSize);
    private readonly SendQueue _queue = new();

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(16_384)]
    [InlineData(int.MaxValue)]
    public void Messages_and_blocks_leave_in_order_whatever_the_socket_takes(int atATime)
    {
        var socket = new TakingSocket(atATime);
        byte[] expected = Fill(rounds: 200);
        Assert.Equal(expected.Length, _queue.Length);

        int content = 0;
        while (_queue.Length > 0)
        {
            Assert.NotEqual(SocketStatus.Failed, _queue.Send(socket, out int sent));
            content += sent;
        }

        Assert.Equal(expected, socket.Taken.ToArray());
        Assert.Equal(4 * 1000, content);
        Assert.Equal(0, _queue.ContentLength);
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void What_is_cleared_is_neither_sent_nor_kept()
    {
        Fill(rounds: 200);
        _queue.Send(new TakingSocket(30_000) { Limit = 1 }, out _);
        _queue.Clear();

        var socket = new TakingSocket(int.MaxValue);
        Assert.Equal(SocketStatus.Ok, _queue.Send(socket, out _));
        Assert.Empty(socket.Taken);
        Assert.Equal(0, _queue.Length);
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void Sending_allocates_nothing_once_warm()
    {
        var socket = new TakingSocket(int.MaxValue) { Keeps = false };

        Assert.Equal(0, Allocation.Least(Send));

        void Send()
        {
            for (int i = 0; i < 100; i++)
            {
                for (int k = 0; k < 32; k++)
                {
                    BlockBuffer block = _pool.Rent();
                    block.Length = BlockRequest.BlockSize;
                    PeerMessageWriter.WriteRequest(_queue, new BlockRequest(k, 0, BlockRequest.BlockSize));
                    PeerMessageWriter.WritePieceHeader(_queue, new BlockRequest(k, 0, BlockRequest.BlockSize));
                    _queue.Add(block.Filled, block);
                }

                _queue.Send(socket, out _);
            }
        }
    }

    // Messages that fill more than one chunk, with a block now and then.
    private byte[] Fill(int rounds)
    {
        var expected = new List<byte>();
        byte[] message = new byte[17];
        for (int i = 0; i < rounds; i++)
        {
            var request = new BlockRequest(i, 0, BlockRequest.BlockSize);
            PeerMessageWriter.WriteRequest(_queue, request);
            PeerMessageWriter.WriteRequest(message, request);
            expected.AddRange(message);
            if (i % 50 != 0)
                continue;

            BlockBuffer block = _pool.Rent();
            block.Length = 1000;
            block.Memory.Span[..block.Length].Fill((byte)i);
            expected.AddRange(block.Filled.Span);
            _queue.Add(block.Filled, block);
        }

        return [.. expected];
    }

    /// <summary>Takes so many bytes with each call, until the limit of calls is reached.</summary>
    private sealed class TakingSocket(int atATime) : IStreamSocket
    {
        private int _calls;

        public List<byte> Taken { get; } = [];

        public bool Keeps { get; init; } = true;

        public int Limit { get; init; } = int.MaxValue;

        public IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 1);

        public IPEndPoint? LocalEndPoint => null;

        public bool WantsRead { get; set; }

        public bool WantsWrite { get; set; }

        public SocketError Error => SocketError.Success;

        public SocketStatus Receive(Span<byte> buffer, out int count) => throw new NotSupportedException();

        public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
        {
            count = 0;
            if (_calls++ == Limit)
                return SocketStatus.WouldBlock;
            foreach (ReadOnlyMemory<byte> buffer in buffers)
            {
                int length = Math.Min(buffer.Length, atATime - count);
                if (Keeps)
                    Taken.AddRange(buffer.Span[..length]);
                count += length;
            }

            return SocketStatus.Ok;
        }

        public void Close()
        {
            // There is nothing behind it.
        }
    }
}
