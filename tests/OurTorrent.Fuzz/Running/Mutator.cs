namespace OurTorrent.Fuzz.Running;

/// <summary>
/// Makes new inputs of kept ones by a few changes at random. It does not see what they reach, as AFL++ does; it needs nothing but
/// .NET, and is good for a first look.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, Random random)
{
    private const int MaxChanges = 8;
    private const int MaxRun = 64;

    private static readonly byte[] Telling = [0, 1, 2, 0x7f, 0x80, 0xff, (byte)'0', (byte)'9', (byte)'-', (byte)':', (byte)'d', (byte)'e', (byte)'i', (byte)'l'];

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        List<byte> input = [.. Any()];
        for (int changes = random.Next(MaxChanges) + 1; changes > 0; changes--)
            Change(input);
        return [.. input];
    }

    private byte[] Any() => corpus.Count == 0 ? [] : corpus[random.Next(corpus.Count)];

    private void Change(List<byte> input)
    {
        int at = random.Next(input.Count + 1);
        int run = Math.Min(random.Next(1, MaxRun), input.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = random.Next(2) == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
                break;
            case 2:
                input.Insert(at, Telling[random.Next(Telling.Length)]);
                break;
            case 3:
                input.RemoveRange(at, run);
                break;
            case 4:
                input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, run));
                break;
            default:
                byte[] other = Any();
                int from = random.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(MaxRun), other.Length - from)).ToArray());
                break;
        }
    }
}
