namespace OurTorrent.Tracker.Http;

/// <summary>
/// From whom an address is believed that stands in the announce itself (<c>ip</c>, <c>ipv4</c>, <c>ipv6</c>), in place of the one it
/// came from. Who is believed can have others dial any address.
/// </summary>
public enum AnnouncedAddresses
{
    /// <summary>From nobody.</summary>
    Never,

    /// <summary>From this machine and from private networks, whose own addresses nobody outside could reach.</summary>
    FromPrivateNetworks,

    /// <summary>From everybody; for a tracker that only friends can reach.</summary>
    Always,
}
