using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network;

/// <summary>
/// The sockets of one engine loop, and the wait that ends when one of them is ready. Every member but <see cref="Wake"/>
/// and <see cref="ResolveAsync"/> is called on the loop's thread, and handlers are called from <see cref="Poll"/> alone.
/// </summary>
internal interface INetwork : IDisposable
{
    /// <summary>Waits until a socket is ready, <see cref="Wake"/> is called or the time is over; then calls the handlers of all that is ready.</summary>
    /// <param name="timeout">How long to wait at the most; zero only looks, <see cref="Timeout.InfiniteTimeSpan"/> waits for an event.</param>
    void Poll(TimeSpan timeout);

    /// <summary>Ends a <see cref="Poll"/> that is waiting, or else the next one. Any thread may call it.</summary>
    void Wake();

    /// <summary>Begins to connect; the handler hears of the outcome.</summary>
    /// <param name="remote">Where to connect to.</param>
    /// <param name="local">The address to connect from, or null for any.</param>
    /// <param name="handler">Who is told.</param>
    /// <returns>The socket, which cannot be used before <see cref="IStreamHandler.OnConnected"/>.</returns>
    IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler);

    /// <summary>Listens for peers that connect.</summary>
    /// <param name="local">Address and port; port 0 takes any.</param>
    /// <param name="handler">Who is given the accepted sockets.</param>
    /// <exception cref="SocketException">The port is taken, or the address is not one of this host.</exception>
    IListenSocket Listen(IPEndPoint local, IListenHandler handler);

    /// <summary>Opens a UDP socket.</summary>
    /// <param name="local">Address and port; port 0 takes any.</param>
    /// <param name="handler">Who is given the datagrams.</param>
    /// <exception cref="SocketException">The port is taken, or the address is not one of this host.</exception>
    IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler);

    /// <summary>Looks a host name up; a literal address is returned as it is.</summary>
    /// <param name="host">The name or address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
