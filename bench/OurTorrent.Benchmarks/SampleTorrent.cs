namespace OurTorrent.Benchmarks;

/// <summary>Torrent files of the tests, by their short names.</summary>
internal static class SampleTorrent
{
    /// <summary>One file of 5.4 GB, 21,613 pieces: nearly all of it is one long string of hashes.</summary>
    public const string Ubuntu = "ubuntu";

    /// <summary>Eleven files, eight trackers, a web seed: many short strings.</summary>
    public const string Sintel = "sintel";

    /// <summary>A hybrid of v1 and v2 (BEP 52): nine files in a tree, with piece layers whose roots are checked when it is read.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>The bytes of a torrent file.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Torrents", name + ".torrent"));
}
