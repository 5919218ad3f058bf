namespace OurTorrent.Fuzz.Peers;

/// <summary>Chance that knows how often it was asked: the choker asks once for each peer it looks at.</summary>
internal sealed class CountingRandom(int seed) : Random(seed)
{
    /// <summary>How often.</summary>
    public int Draws { get; private set; }

    public override int Next()
    {
        Draws++;
        return base.Next();
    }
}
