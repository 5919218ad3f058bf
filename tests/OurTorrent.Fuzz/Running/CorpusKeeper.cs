using System.Security.Cryptography;
using SharpFuzz.Common;

namespace OurTorrent.Fuzz.Running;

/// <summary>
/// Adds to a corpus, of the inputs that AFL++ has found, the shortest that reach code no other reaches. Works in a program whose
/// assemblies SharpFuzz has instrumented: every branch that is taken counts up a byte of a map.
/// </summary>
internal static class CorpusKeeper
{
    private const int MapLength = 1 << 16;
    private const int LongestInput = 512;

    /// <summary>Adds them.</summary>
    /// <param name="target">What reads them.</param>
    /// <param name="found">The folder of what was found.</param>
    /// <param name="corpus">The folder of what is kept.</param>
    /// <returns>How many were added.</returns>
    public static unsafe int Keep(FuzzTarget target, string found, string corpus)
    {
        byte[] map = GC.AllocateArray<byte>(MapLength, pinned: true);
        var reached = new bool[MapLength];
        fixed (byte* pinned = map)
        {
            Trace.SharedMem = pinned;
            foreach (string path in Directory.EnumerateFiles(corpus))
                Reaches(target, File.ReadAllBytes(path), map, reached);

            int added = 0;
            foreach (FileInfo file in new DirectoryInfo(found).EnumerateFiles().Where(file => file.Length <= LongestInput).OrderBy(file => file.Length))
            {
                byte[] input = File.ReadAllBytes(file.FullName);
                if (!Reaches(target, input, map, reached))
                    continue;

                added++;
                File.WriteAllBytes(Path.Combine(corpus, $"found-{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6))}"), input);
            }

            return added;
        }
    }

    /// <summary>
    /// Whether an input reaches something new, and again when it is run again: other threads reach this and that at times of their own.
    /// </summary>
    private static bool Reaches(FuzzTarget target, byte[] input, byte[] map, bool[] reached)
    {
        Run(target, input, map);
        var isNew = new List<int>();
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] != 0 && !reached[i])
                isNew.Add(i);
        }

        if (isNew.Count == 0)
            return false;

        Run(target, input, map);
        bool isNewAgain = isNew.Exists(i => map[i] != 0);
        foreach (int i in isNew)
            reached[i] = true;
        return isNewAgain;
    }

    private static void Run(FuzzTarget target, byte[] input, byte[] map)
    {
        Array.Clear(map);
        Trace.PrevLocation = 0;
        target.Check(input);
    }
}
