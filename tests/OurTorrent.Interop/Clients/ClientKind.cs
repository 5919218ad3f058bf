namespace OurTorrent.Interop.Clients;

/// <summary>The clients of others that are tested against.</summary>
public enum ClientKind
{
    /// <summary>libtorrent (rasterbar).</summary>
    LibTorrent,

    /// <summary>aria2c.</summary>
    Aria2,

    /// <summary>transmission-daemon.</summary>
    Transmission,
}
