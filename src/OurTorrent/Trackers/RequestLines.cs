namespace OurTorrent.Trackers;

/// <summary>
/// Lets so many requests to each host be under way at once; the others wait in the order in which they came. A session of
/// thousands of torrents on one tracker would otherwise take as many sockets, and bring down the tracker. Belongs to the loop's thread.
/// </summary>
/// <param name="width">How many may be under way at once.</param>
internal sealed class RequestLines(int width)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Begins a request, now or when its turn comes.</summary>
    /// <param name="host">The host, with its port.</param>
    /// <param name="begin">Begins it, and says so; false when nobody wants it any more.</param>
    public void Enter(string host, Func<bool> begin)
    {
        if (!_lines.TryGetValue(host, out Line? line))
            _lines.Add(host, line = new Line());
        line.Waiting.Enqueue(begin);
        Advance(host, line);
    }

    /// <summary>A request that was begun has ended.</summary>
    /// <param name="host">The host, as it was given.</param>
    public void Leave(string host)
    {
        Line line = _lines[host];
        line.UnderWay--;
        Advance(host, line);
    }

    private void Advance(string host, Line line)
    {
        while (line.UnderWay < width && line.Waiting.TryDequeue(out Func<bool>? begin))
        {
            if (begin())
                line.UnderWay++;
        }

        if (line.UnderWay == 0)
            _lines.Remove(host);
    }

    private sealed class Line
    {
        public Queue<Func<bool>> Waiting { get; } = new();

        public int UnderWay { get; set; }
    }
}
