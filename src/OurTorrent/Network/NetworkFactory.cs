using OurTorrent.Network.Epoll;

namespace OurTorrent.Network;

/// <summary>Picks the network that suits the system.</summary>
internal static class NetworkFactory
{
    /// <summary>Opens a network for one engine loop.</summary>
    public static INetwork Create() => new EpollNetwork(TimeProvider.System);
}
