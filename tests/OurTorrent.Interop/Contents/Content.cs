namespace OurTorrent.Interop.Contents;

/// <summary>Files to be shared, the same bytes in every run.</summary>
internal sealed class Content
{
    private readonly Dictionary<string, byte[]> _files;

    private Content(string name, IEnumerable<ContentFile> files)
    {
        Name = name;
        Files = [.. files];
        _files = Files.ToDictionary(file => file.Path.Length == 0 ? name : $"{name}/{file.Path}", file => file.Bytes);
    }

    /// <summary>The name of the file, or of the folder all files are in.</summary>
    public string Name { get; }

    /// <summary>The files.</summary>
    public IReadOnlyList<ContentFile> Files { get; }

    /// <summary>Makes content of random bytes.</summary>
    /// <param name="name">The name of the file, or of the folder.</param>
    /// <param name="files">The path of each file, empty where there is only one, and its length.</param>
    public static Content Create(string name, params (string Path, int Length)[] files)
    {
        var random = new Random(name.Sum(letter => letter));
        return new Content(name, files.Select(file =>
        {
            var bytes = new byte[file.Length];
            random.NextBytes(bytes);
            return new ContentFile(file.Path, bytes);
        }));
    }

    /// <summary>Writes all files under a folder.</summary>
    public void WriteTo(string folder)
    {
        foreach ((string name, byte[] bytes) in _files)
            Write(Path.Combine(folder, name), bytes);
    }

    /// <summary>Fails unless every file under a folder is, byte by byte, as it should be.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="emptyFilesToo">Whether empty files must be there.</param>
    public void AssertIn(string folder, bool emptyFilesToo = true)
    {
        foreach ((string name, byte[] bytes) in _files)
        {
            string path = Path.Combine(folder, name);
            if (bytes.Length == 0 && !emptyFilesToo)
                continue;

            Assert.True(File.Exists(path), $"{name} is missing.");
            Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path)), $"{name} differs.");
        }
    }

    /// <summary>Whether every file under a folder is, byte by byte, as it should be.</summary>
    /// <param name="folder">The folder.</param>
    public bool IsIn(string folder) => _files.All(file =>
        File.Exists(Path.Combine(folder, file.Key)) && file.Value.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, file.Key))));

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">Its path, the name of the content first.</param>
    public byte[] this[string path] => _files[path];

    internal static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
