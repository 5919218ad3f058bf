namespace OurTorrent.Protocol.Tests.Fixtures;

/// <summary>The torrents of this folder, as made by the programs in use.</summary>
internal static class Fixture
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".torrent"));
}
