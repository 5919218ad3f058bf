namespace OurTorrent.Tests.Creation;

/// <summary>A folder with content made for one test, gone after it.</summary>
internal sealed class ContentFolder : IDisposable
{
    private readonly DirectoryInfo _outer = Directory.CreateTempSubdirectory("creation-");

    public ContentFolder(string name = "d")
    {
        Path = System.IO.Path.Combine(_outer.FullName, name);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Beside the folder, so not part of its content.</summary>
    public string Outside(string name) => System.IO.Path.Combine(_outer.FullName, name);

    public string At(string path) => System.IO.Path.Combine(Path, path);

    /// <summary>Bytes that differ from place to place and from seed to seed.</summary>
    public static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)((i * 7) + (i >> 8) + seed);

        return bytes;
    }

    public ContentFolder Add(string path, int length, int seed = 0)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), Bytes(length, seed));
        return this;
    }

    public void Dispose() => _outer.Delete(recursive: true);
}
