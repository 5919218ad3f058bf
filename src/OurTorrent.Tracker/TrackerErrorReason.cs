namespace OurTorrent.Tracker;

/// <summary>Why a tracker cannot run.</summary>
public enum TrackerErrorReason
{
    /// <summary>Another program listens on the port.</summary>
    PortTaken,

    /// <summary>The machine has no such address.</summary>
    AddressNotAvailable,

    /// <summary>The port may not be used by this user.</summary>
    PermissionDenied,

    /// <summary>The address cannot be listened on for another reason.</summary>
    CannotListen,

    /// <summary>The certificate cannot be read or used.</summary>
    InvalidCertificate,

    /// <summary>What the tracker has kept cannot be read.</summary>
    StoreUnusable,
}
