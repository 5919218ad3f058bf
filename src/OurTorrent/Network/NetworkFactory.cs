using OurTorrent.Network.Epoll;
using OurTorrent.Network.Managed;

namespace OurTorrent.Network;

/// <summary>Picks the network that suits the system.</summary>
internal static class NetworkFactory
{
    /// <summary>Opens a network for one engine loop: epoll on Linux, the runtime's sockets elsewhere.</summary>
    public static INetwork Create() =>
        OperatingSystem.IsLinux() ? new EpollNetwork(TimeProvider.System) : new ManagedNetwork(TimeProvider.System);
}
