using System.Net.Sockets;

namespace OurTorrent.Tracker;

/// <summary>Says what keeps a tracker from listening, in the words of a person.</summary>
internal static class ListenFailure
{
    /// <summary>Makes the exception.</summary>
    /// <param name="transport">What it was to listen for: UDP, HTTP.</param>
    /// <param name="endPoint">Where.</param>
    /// <param name="code">What the system says.</param>
    /// <param name="error">What was thrown.</param>
    public static TrackerException Of(string transport, string endPoint, SocketError code, Exception error) => code switch
    {
        SocketError.AddressAlreadyInUse => new TrackerException(
            TrackerErrorReason.PortTaken,
            $"Cannot take {transport} requests at {endPoint}: another program listens there. Choose another port, or stop the other program.",
            error),
        SocketError.AddressNotAvailable => new TrackerException(
            TrackerErrorReason.AddressNotAvailable,
            $"Cannot take {transport} requests at {endPoint}: this machine has no such address. Use one of its own, or 0.0.0.0 or [::] for all.",
            error),
        SocketError.AccessDenied => new TrackerException(
            TrackerErrorReason.PermissionDenied,
            $"Cannot take {transport} requests at {endPoint}: the system does not allow it. Ports below 1024 need rights of their own; choose one above.",
            error),
        _ => new TrackerException(
            TrackerErrorReason.CannotListen, $"Cannot take {transport} requests at {endPoint}: {error.Message}", error),
    };
}
