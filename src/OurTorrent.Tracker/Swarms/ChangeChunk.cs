namespace OurTorrent.Tracker.Swarms;

/// <summary>Two kibibytes of encoded <see cref="SwarmChange"/>s, in a list.</summary>
internal sealed class ChangeChunk
{
    public const int Capacity = 2048;

    public byte[] Bytes { get; } = new byte[Capacity];

    public int Length { get; set; }

    public int Count { get; set; }

    public ChangeChunk? Next { get; set; }
}
