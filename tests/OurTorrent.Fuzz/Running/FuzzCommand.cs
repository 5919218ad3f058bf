using System.Globalization;
using SharpFuzz;

namespace OurTorrent.Fuzz.Running;

/// <summary>What can be done with a target: run under AFL++, replay inputs, mutate the corpus at random, or add to it.</summary>
internal static class FuzzCommand
{
    private const string RandomOption = "--random";
    private const string KeepOption = "--keep";
    private const int Good = 0;
    private const int Broken = 1;

    /// <summary>Does it.</summary>
    /// <param name="target">The target.</param>
    /// <param name="args">
    /// Nothing for AFL++; files and folders to replay; <c>--random SECONDS [SEED]</c>; or <c>--keep FOUND CORPUS</c>.
    /// </param>
    /// <returns>The exit code: 1 when a promise was broken.</returns>
    public static int Run(FuzzTarget target, string[] args)
    {
        switch (args)
        {
            case []:
                Fuzzer.OutOfProcess.Run(stream => target.Check(ReadAll(stream)));
                return Good;
            case [RandomOption, var seconds]:
                return Mutate(target, seconds, seed: Environment.TickCount);
            case [RandomOption, var seconds, var seed]:
                return Mutate(target, seconds, int.Parse(seed, CultureInfo.InvariantCulture));
            case [KeepOption, var found, var corpus]:
                Console.WriteLine($"{CorpusKeeper.Keep(target, found, corpus)} inputs added to the corpus");
                return Good;
            default:
                return Replay(target, args);
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static int Replay(FuzzTarget target, string[] paths)
    {
        int broken = 0;
        foreach (string file in paths.SelectMany(FilesOf))
        {
            try
            {
                target.Check(File.ReadAllBytes(file));
            }
            catch (Exception e)
            {
                broken++;
                Console.WriteLine($"{file}: {e}");
            }
        }

        Console.WriteLine($"{broken} inputs break a promise.");
        return broken == 0 ? Good : Broken;
    }

    private static IEnumerable<string> FilesOf(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];

    private static int Mutate(FuzzTarget target, string seconds, int seed)
    {
        Console.WriteLine($"{target.Name}: {seconds} s at random, seed {seed}");
        var mutator = new Mutator([.. FilesOf(target.CorpusDirectory).Select(File.ReadAllBytes)], new Random(seed));
        TimeSpan limit = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        long started = TimeProvider.System.GetTimestamp();
        long executions = 0;
        for (; TimeProvider.System.GetElapsedTime(started) < limit; executions++)
        {
            byte[] input = mutator.Next();
            try
            {
                target.Check(input);
            }
            catch (Exception e)
            {
                string path = Path.GetFullPath($"{target.Name}-{seed}-{executions}");
                File.WriteAllBytes(path, input);
                Console.WriteLine($"after {executions} executions: {e}{Environment.NewLine}kept as {path}");
                return Broken;
            }
        }

        Console.WriteLine($"{executions} executions, nothing found");
        return Good;
    }
}
