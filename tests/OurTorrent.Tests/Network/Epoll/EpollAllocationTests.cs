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

        void Round()
        {
            for (int i = 0; i < 100; i++)
            {
                client.Socket.Send(i % 2 == 0 ? one : several, out _);
                client.Socket.WantsWrite = true;
                rig.Network.Poll(TimeSpan.Zero);
            }
        }

        Assert.Equal(0, Allocation.Least(Round));
        Assert.True(received > 0);
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

        void Round()
        {
            for (int i = 0; i < 100; i++)
            {
                one.Send(datagram, other.LocalEndPoint);
                rig.Network.Poll(TimeSpan.Zero);
            }
        }

        Assert.Equal(0, Allocation.Least(Round));
        Assert.True(counter.Count > 50);
    }

    private sealed class Counter : IDatagramHandler
    {
        public int Count { get; private set; }

        public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote) => Count++;
    }
}
