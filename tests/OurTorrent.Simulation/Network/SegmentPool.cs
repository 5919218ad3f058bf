namespace OurTorrent.Simulation.Network;

/// <summary>The segments that are not in use.</summary>
internal sealed class SegmentPool
{
    private readonly Stack<Segment> _small = new();
    private readonly Stack<Segment> _large = new();

    /// <summary>An empty segment that holds so many bytes, or as many as any does.</summary>
    public Segment Rent(int length)
    {
        bool isSmall = length <= Segment.SmallLength;
        if (!(isSmall ? _small : _large).TryPop(out Segment? segment))
            return new Segment(isSmall);
        segment.Clear();
        return segment;
    }

    public void Return(Segment segment) => (segment.IsSmall ? _small : _large).Push(segment);
}
