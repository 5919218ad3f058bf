namespace OurTorrent.Protocol.Metainfo;

/// <summary>One name of a path as the torrent writes it, linked to the directory it is in.</summary>
/// <param name="Parent">The directory; null at the top.</param>
/// <param name="Name">The name, not yet made safe.</param>
/// <param name="IsUtf8">Whether the torrent's bytes are the UTF-8 of the name.</param>
internal sealed record PathName(PathName? Parent, string Name, bool IsUtf8)
{
    public int Depth { get; } = (Parent?.Depth ?? 0) + 1;

    /// <summary>The names from the top down.</summary>
    public PathName[] FromTop()
    {
        var names = new PathName[Depth];
        for (PathName? name = this; name is not null; name = name.Parent)
            names[name.Depth - 1] = name;

        return names;
    }

    /// <summary>Whether both paths have the same names, whatever directories they are linked to.</summary>
    public static bool AreSame(PathName? left, PathName? right)
    {
        while (!ReferenceEquals(left, right))
        {
            if (left is null || right is null || !string.Equals(left.Name, right.Name, StringComparison.Ordinal))
                return false;

            left = left.Parent;
            right = right.Parent;
        }

        return true;
    }
}
