namespace OurTorrent.Peers;

/// <summary>Decides whom to upload to.</summary>
internal sealed class Choker(Random random)
{
    private readonly Random _random = random;

    /// <summary>How many peers may be unchoked at once, the optimistic one included.</summary>
    public int Slots { get; set; } = SlotsFor(null);

    /// <summary>When <see cref="Evaluate"/> ranks anew; calling it earlier only fills free slots.</summary>
    public TimeSpan NextDue { get; private set; }

    /// <summary>The number of slots that suits an upload limit in bytes per second; null for no limit.</summary>
    public static int SlotsFor(long? uploadLimit) =>
        uploadLimit is { } limit ? (int)Math.Clamp(Math.Sqrt(limit / 1024.0 * 0.6), 4, 50) : 20;

    /// <summary>Ranks when due, fills free slots otherwise; call it at <see cref="NextDue"/>, and when interest changes or an unchoked peer leaves. The list is valid until the next call.</summary>
    public IReadOnlyList<ChokeChange> Evaluate(TimeSpan now, IReadOnlyList<ChokerPeer> peers, bool seeding) => throw new NotSupportedException();
}
