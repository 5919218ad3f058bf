namespace OurTorrent.Fuzz;

/// <summary>Every input that is kept, good ones and those that once broke something, through its target.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string, string> Inputs()
    {
        var inputs = new TheoryData<string, string>();
        foreach (FuzzTarget target in FuzzTarget.All)
        {
            foreach (string path in Directory.EnumerateFiles(target.CorpusDirectory).Order(StringComparer.Ordinal))
                inputs.Add(target.Name, Path.GetFileName(path));
        }

        return inputs;
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void An_input_that_is_kept_breaks_no_promise(string target, string input)
    {
        FuzzTarget found = FuzzTarget.Find(target)!;
        found.Check(File.ReadAllBytes(Path.Combine(found.CorpusDirectory, input)));
    }
}
