using System.Text;

namespace OurTorrent.Cli.Demo;

/// <summary>Makes the folder that the demo shares: a few files of odd sizes, one of them empty, one with a name that is not ASCII.</summary>
internal static class DemoContent
{
    /// <summary>The name of the folder.</summary>
    public const string Name = "album";

    private const int Seed = 20241010;

    private static readonly (string Path, int Length)[] Files =
    [
        ("01 Grüße.ogg", 2_500_001),
        ("02 日本.ogg", 1_999_999),
        ("pictures/cover.jpg", 777_777),
        ("pictures/back.jpg", 70_000),
        ("empty.txt", 0),
    ];

    /// <summary>Writes the folder.</summary>
    /// <param name="parent">Where it goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteAsync(string parent, CancellationToken cancellationToken)
    {
        // Always the same bytes, and none that a link or a file system could compress.
        var random = new Random(Seed);
        foreach ((string path, int length) in Files)
        {
            string file = Path.Combine(parent, Name, Path.Combine(path.Split('/')));
            Directory.CreateDirectory(Path.GetDirectoryName(file) ?? parent);
            byte[] content = new byte[length];
            random.NextBytes(content);
            await File.WriteAllBytesAsync(file, content, cancellationToken);
        }

        await File.WriteAllTextAsync(
            Path.Combine(parent, Name, "read me.txt"), "Everything in this folder was made up by 'ourtorrent demo'.\n", Encoding.UTF8, cancellationToken);
    }

    /// <summary>Whether two copies of the folder hold the same files with the same bytes.</summary>
    /// <param name="parent">Where one copy is.</param>
    /// <param name="otherParent">Where the other one is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<bool> AreSameAsync(string parent, string otherParent, CancellationToken cancellationToken)
    {
        string[] names = List(parent);
        if (!names.SequenceEqual(List(otherParent), StringComparer.Ordinal))
            return false;

        foreach (string name in names)
        {
            byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(parent, name), cancellationToken);
            byte[] otherBytes = await File.ReadAllBytesAsync(Path.Combine(otherParent, name), cancellationToken);
            if (!bytes.AsSpan().SequenceEqual(otherBytes))
                return false;
        }

        return true;
    }

    private static string[] List(string parent) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(parent, Name), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(parent, file))
            .Order(StringComparer.Ordinal),
    ];
}
