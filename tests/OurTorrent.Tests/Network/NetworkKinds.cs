namespace OurTorrent.Tests.Network;

/// <summary>The implementations this machine can run: every test of the contract runs on each.</summary>
internal static class NetworkKinds
{
    public static TheoryData<NetworkKind> All { get; } = OperatingSystem.IsLinux() ? [NetworkKind.Epoll, NetworkKind.Managed] : [NetworkKind.Managed];

    /// <summary>Each with how much one call sends and receives, and how much is to be moved in all.</summary>
    public static TheoryData<NetworkKind, int, int, int> WithSizes
    {
        get
        {
            var data = new TheoryData<NetworkKind, int, int, int>();
            foreach (TheoryDataRow<NetworkKind> kind in All)
            {
                data.Add(kind.Data, 1, 7, 20_000);
                data.Add(kind.Data, 16_397, 256, 1_000_000);
                data.Add(kind.Data, 64 * 1024, 64 * 1024, 8_000_000);
                data.Add(kind.Data, 8_000_000, 1_000_000, 8_000_000);
            }

            return data;
        }
    }
}
