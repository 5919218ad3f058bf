namespace OurTorrent.Interop.Programs;

/// <summary>A program of a Debian package that a test cannot do without.</summary>
/// <param name="Program">The name of the command.</param>
/// <param name="Package">The Debian package it is in.</param>
internal sealed record Requirement(string Program, string Package)
{
    /// <summary>Finds the program; where it is missing the test is skipped, or fails where everything must be installed.</summary>
    /// <returns>Its path.</returns>
    public string Find()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin"))
        {
            string path = Path.Combine(folder, Program);
            if (File.Exists(path))
                return path;
        }

        throw Missing();
    }

    /// <summary>Ends the test because the program, or a part of it, is missing.</summary>
    /// <returns>Nothing: it throws.</returns>
    public Exception Missing()
    {
        string reason = $"This test needs the Debian package {Package}, which is not installed.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(reason);
        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }
}
