using System.Net;

namespace OurTorrent.Network;

/// <summary>A listening TCP socket.</summary>
internal interface IListenSocket
{
    /// <summary>Where it listens, with the port it was given.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Stops listening. Closing twice does nothing.</summary>
    void Close();
}

/// <summary>Who is given the sockets a <see cref="IListenSocket"/> accepts.</summary>
internal interface IListenHandler
{
    /// <summary>A peer has connected.</summary>
    /// <param name="socket">The connection, ready for use.</param>
    /// <returns>Who is told what happens to it, or null to have it closed.</returns>
    IStreamHandler? OnAccepted(IStreamSocket socket);
}
