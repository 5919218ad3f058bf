namespace OurTorrent.Crash.Programs;

/// <summary>A folder that goes when the test ends. On a real disk, not in memory, unless the machine's temporary folder is there.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("ourtorrent-crash-").FullName;

    /// <summary>A path in it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
