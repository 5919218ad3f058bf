namespace OurTorrent.Tracker.Http;

/// <summary>The target of a request line, cut into its parts; nothing in it is decoded.</summary>
internal readonly ref struct RequestTarget
{
    /// <summary>Cuts a target.</summary>
    /// <param name="target">The target: a path with its query, or a whole URL, as those write who ask a proxy (RFC 9112, 3.2.2).</param>
    /// <param name="segments">
    /// How many segments at the end of the path count, where the tracker is one of several things on a server; zero for all of them.
    /// </param>
    public RequestTarget(ReadOnlySpan<byte> target, int segments = 0)
    {
        int scheme = target.IsEmpty || target[0] == (byte)'/' ? -1 : target.IndexOf("://"u8);
        if (scheme >= 0)
        {
            int path = target[(scheme + 3)..].IndexOf((byte)'/');
            target = path < 0 ? "/"u8 : target[(scheme + 3 + path)..];
        }

        int question = target.IndexOf((byte)'?');
        int pathEnd = question < 0 ? target.Length : question;
        int pathStart = segments == 0 ? 0 : StartOf(target[..pathEnd], segments);
        PathAndQuery = target[pathStart..];
        Path = target[pathStart..pathEnd];
        Query = question < 0 ? default : target[(question + 1)..];
        Kind = KindOf(Path);
    }

    /// <summary>Path and query, from the first slash on.</summary>
    public ReadOnlySpan<byte> PathAndQuery { get; }

    /// <summary>The path alone.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>The query, without its question mark.</summary>
    public ReadOnlySpan<byte> Query { get; }

    /// <summary>What is asked for.</summary>
    public TrackerPath Kind { get; }

    /// <summary>Where the last segments of a path begin.</summary>
    private static int StartOf(ReadOnlySpan<byte> path, int segments)
    {
        int start = path.Length;
        for (; segments > 0 && start > 0; segments--)
            start = Math.Max(0, path[..start].LastIndexOf((byte)'/'));
        return start;
    }

    private static TrackerPath KindOf(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[0] != (byte)'/')
            return TrackerPath.Other;

        path = path[1..];
        int slash = path.IndexOf((byte)'/');
        if (slash < 0)
            return KindOfSegment(path);

        // A passkey is one segment, before or behind.
        ReadOnlySpan<byte> first = path[..slash];
        ReadOnlySpan<byte> second = path[(slash + 1)..];
        if (first.IsEmpty || second.Contains((byte)'/'))
            return TrackerPath.Other;

        TrackerPath kind = KindOfSegment(second);
        return kind == TrackerPath.Other ? KindOfSegment(first) : kind;
    }

    private static TrackerPath KindOfSegment(ReadOnlySpan<byte> segment) =>
        segment.SequenceEqual("announce"u8) ? TrackerPath.Announce
        : segment.SequenceEqual("scrape"u8) ? TrackerPath.Scrape
        : TrackerPath.Other;
}
