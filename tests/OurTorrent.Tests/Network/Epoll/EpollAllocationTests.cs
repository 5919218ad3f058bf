using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Tests.Network.Epoll;

public sealed class EpollAllocationTests
{
    [Fact]
    public void Streams_make_no_garbage_once_they_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs epoll.");
        using var rig = new NetworkRig(NetworkKind.Epoll);
        (StreamProbe client, StreamProbe server) = rig.Pair();
        byte[] buffer = new byte[16 * 1024];
        ReadOnlyMemory<byte>[] one = [new byte[1000]];
        ReadOnlyMemory<byte>[] several = [new byte[13], new byte[1000], new byte[987]];
        long received = 0;
        server.WhenReadable = () =>
        {
            while (server.Socket.Receive(buffer, out int count) == SocketStatus.Ok)
                received += count;
        };
        client.WhenWritable = () => client.Socket.WantsWrite = false;

        long Round()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                client.Socket.Send(i % 2 == 0 ? one : several, out _);
                client.Socket.WantsWrite = true;
                rig.Network.Poll(TimeSpan.Zero);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Round();
        long allocated = Round();
        Assert.True(received > 0);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Datagrams_of_known_peers_make_no_garbage()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs epoll.");
        using var rig = new NetworkRig(NetworkKind.Epoll);
        var counter = new Counter();
        IDatagramSocket one = rig.Network.OpenDatagram(NetworkRig.AnyPort, counter);
        IDatagramSocket other = rig.Network.OpenDatagram(NetworkRig.AnyPort, counter);
        byte[] datagram = new byte[1400];

        long Round()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                one.Send(datagram, other.LocalEndPoint);
                rig.Network.Poll(TimeSpan.Zero);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Round();
        long allocated = Round();
        Assert.True(counter.Count > 100);
        Assert.Equal(0, allocated);
    }

    private sealed class Counter : IDatagramHandler
    {
        public int Count { get; private set; }

        public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote) => Count++;
    }
}
