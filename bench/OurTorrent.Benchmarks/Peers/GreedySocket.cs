using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Benchmarks.Peers;

/// <summary>A connection that takes whatever is sent, at no cost.</summary>
internal sealed class GreedySocket : IStreamSocket
{
    /// <inheritdoc/>
    public IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 1);

    /// <inheritdoc/>
    public IPEndPoint? LocalEndPoint => null;

    /// <inheritdoc/>
    public bool WantsRead { get; set; }

    /// <inheritdoc/>
    public bool WantsWrite { get; set; }

    /// <inheritdoc/>
    public SocketError Error => SocketError.Success;

    /// <inheritdoc/>
    public SocketStatus Receive(Span<byte> buffer, out int count)
    {
        count = 0;
        return SocketStatus.WouldBlock;
    }

    /// <inheritdoc/>
    public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
    {
        count = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
            count += buffer.Length;
        return SocketStatus.Ok;
    }

    /// <inheritdoc/>
    public void Close()
    {
        // There is nothing behind it.
    }
}
