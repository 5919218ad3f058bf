using System.Net;

namespace OurTorrent.Network;

/// <summary>A UDP socket.</summary>
internal interface IDatagramSocket
{
    /// <summary>Where it is bound, with the port it was given.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Sends one datagram, or drops it when it cannot be sent now: UDP promises no more.</summary>
    /// <param name="datagram">The bytes.</param>
    /// <param name="remote">Where to.</param>
    /// <returns>Whether it was handed to the system.</returns>
    bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote);

    /// <summary>Closes the socket. Closing twice does nothing.</summary>
    void Close();
}

/// <summary>Who is given the datagrams of a <see cref="IDatagramSocket"/>.</summary>
internal interface IDatagramHandler
{
    /// <summary>A datagram has arrived.</summary>
    /// <param name="datagram">Its bytes, valid during the call.</param>
    /// <param name="remote">Who sent it.</param>
    void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote);
}
