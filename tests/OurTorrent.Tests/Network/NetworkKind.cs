namespace OurTorrent.Tests.Network;

/// <summary>Which implementation of the network a test runs on.</summary>
public enum NetworkKind
{
    Epoll,
    Managed,
}
