using System.Net.Sockets;

namespace OurTorrent.Trackers;

/// <summary>The words for what the network says.</summary>
internal static class TrackerErrors
{
    /// <summary>What to say of a lookup that failed.</summary>
    public static string OfLookup(string host, SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData => $"the host name {host} is not known",
        SocketError.TryAgain => $"the name server gave no answer for {host}",
        _ => $"the host name {host} could not be looked up",
    };

    /// <summary>What to say of a connection that failed.</summary>
    public static string OfConnection(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection closed by the tracker",
        SocketError.TimedOut => "no connection in time",
        SocketError.HostUnreachable or SocketError.HostDown => "no route to the host",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "the network cannot be reached",
        SocketError.AddressNotAvailable or SocketError.InvalidArgument => "the host cannot be reached from the given address",
        _ => $"connection failed ({error})",
    };
}
