namespace OurTorrent.Fuzz.Running;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ourtorrent-fuzz-");

    public string FullName => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
