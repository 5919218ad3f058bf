using System.Net.Sockets;

namespace OurTorrent.Tracker.Udp;

/// <summary>Takes and answers one datagram after the other through a socket of the base library, on every system; several may share it.</summary>
internal sealed class ManagedUdpWorker : IUdpWorker
{
    private readonly Socket _socket;
    private readonly UdpExchange _exchange;
    private readonly SocketAddress _source;
    private readonly byte[] _request = new byte[UdpExchange.MaxRequestLength + 1];
    private readonly byte[] _reply = new byte[UdpExchange.MaxReplyLength];
    private volatile bool _isStopping;

    /// <summary>Takes a bound socket.</summary>
    /// <param name="socket">The socket, for IPv4, IPv6, or both; closed by the first of its workers that stops.</param>
    /// <param name="exchange">What answers.</param>
    public ManagedUdpWorker(Socket socket, UdpExchange exchange)
    {
        _socket = socket;
        _exchange = exchange;
        _source = new SocketAddress(socket.AddressFamily);
    }

    /// <inheritdoc/>
    public void Run()
    {
        while (!_isStopping)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(_request, SocketFlags.None, _source);
            }
            catch (Exception error) when (_isStopping && error is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.MessageSize or SocketError.ConnectionReset)
            {
                // Windows: a datagram that is longer than any request, or news that an answer has not reached a client.
                continue;
            }

            int replyLength = Answer(_request.AsSpan(0, length));
            if (replyLength > 0)
                Send(_reply.AsSpan(0, replyLength));
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _isStopping = true;
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private int Answer(ReadOnlySpan<byte> request)
    {
        // Port and address are in the same places on all systems; the family is not.
        ReadOnlySpan<byte> source = _source.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        ClientAddress client = _source.Family == AddressFamily.InterNetwork
            ? new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(source[4..]), IsIPv6: false)
            : ClientAddress.FromIPv6(BinaryPrimitives.ReadUInt64BigEndian(source[8..]), BinaryPrimitives.ReadUInt64BigEndian(source[16..]));
        return _exchange.Answer(request, client, port, _reply);
    }

    private void Send(ReadOnlySpan<byte> reply)
    {
        try
        {
            _socket.SendTo(reply, SocketFlags.None, _source);
        }
        catch (Exception error) when (error is SocketException || (_isStopping && error is ObjectDisposedException))
        {
            // No way to the client, or a firewall: it will ask again.
        }
    }
}
