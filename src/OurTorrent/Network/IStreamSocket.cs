using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network;

/// <summary>One TCP connection, never waiting: what cannot be done now is done when the handler is told. Used on the loop's thread alone.</summary>
internal interface IStreamSocket
{
    /// <summary>The other end.</summary>
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>This end; known once connected.</summary>
    IPEndPoint? LocalEndPoint { get; }

    /// <summary>
    /// Whether <see cref="IStreamHandler.OnReadable"/> is wanted; true from the start. Turned off, nothing is taken from
    /// the socket and TCP slows the sender: this is the back-pressure of a slow disk or a rate limit.
    /// </summary>
    bool WantsRead { get; set; }

    /// <summary>Whether <see cref="IStreamHandler.OnWritable"/> is wanted; false from the start.</summary>
    bool WantsWrite { get; set; }

    /// <summary>What went wrong, after <see cref="SocketStatus.Failed"/>.</summary>
    SocketError Error { get; }

    /// <summary>Takes what has arrived.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="count">How many bytes were put there; above zero exactly when the status is <see cref="SocketStatus.Ok"/>.</param>
    SocketStatus Receive(Span<byte> buffer, out int count);

    /// <summary>Hands over bytes to send.</summary>
    /// <param name="buffers">The bytes, in order; at most 64 buffers are looked at.</param>
    /// <param name="count">How many bytes were taken.</param>
    SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count);

    /// <summary>Closes the connection; no handler is called any more. Closing twice does nothing.</summary>
    void Close();
}

/// <summary>How a call on a socket ended.</summary>
internal enum SocketStatus
{
    /// <summary>Bytes were moved.</summary>
    Ok,

    /// <summary>Nothing can be moved now.</summary>
    WouldBlock,

    /// <summary>The other end has closed in good order.</summary>
    Closed,

    /// <summary>The connection is broken; the socket's error says how.</summary>
    Failed,
}

/// <summary>Who is told what happens to a <see cref="IStreamSocket"/>; called on the loop's thread.</summary>
internal interface IStreamHandler
{
    /// <summary>An outgoing connection stands. Not called for accepted sockets.</summary>
    void OnConnected();

    /// <summary>An outgoing connection could not be made; the socket is closed already.</summary>
    void OnConnectFailed(SocketError error);

    /// <summary>Bytes can be received, or the connection has ended, which the next receive tells. Called again while it is so.</summary>
    void OnReadable();

    /// <summary>Bytes can be sent again.</summary>
    void OnWritable();
}
