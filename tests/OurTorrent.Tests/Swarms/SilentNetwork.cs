using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Tests.Swarms;

/// <summary>A network on which nobody ever answers: connections are begun and stay so.</summary>
internal sealed class SilentNetwork : INetwork, IListenSocket
{
    /// <summary>The connections being made, as they were begun.</summary>
    public List<Dialling> Dialled { get; } = [];

    public IPEndPoint LocalEndPoint => new(IPAddress.Loopback, 1000);

    public void Poll(TimeSpan timeout)
    {
        // There is never anything.
    }

    public void Wake()
    {
        // Nobody waits.
    }

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler)
    {
        var socket = new Dialling(remote, handler);
        Dialled.Add(socket);
        return socket;
    }

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler) => this;

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler) => throw new NotSupportedException();

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Close()
    {
        // Nothing was opened.
    }

    public void Dispose() => Close();

    internal sealed class Dialling(IPEndPoint remote, IStreamHandler handler) : IStreamSocket
    {
        public IPEndPoint RemoteEndPoint { get; } = remote;

        public IStreamHandler Handler { get; } = handler;

        public IPEndPoint? LocalEndPoint => null;

        public bool WantsRead { get; set; } = true;

        public bool WantsWrite { get; set; }

        public bool IsClosed { get; private set; }

        public SocketError Error => SocketError.Success;

        public SocketStatus Receive(Span<byte> buffer, out int count)
        {
            count = 0;
            return SocketStatus.WouldBlock;
        }

        public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
        {
            count = 0;
            foreach (ReadOnlyMemory<byte> buffer in buffers)
                count += buffer.Length;
            return SocketStatus.Ok;
        }

        public void Close() => IsClosed = true;
    }
}
