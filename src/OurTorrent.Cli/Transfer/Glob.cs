namespace OurTorrent.Cli.Transfer;

/// <summary>
/// A pattern for file names: <c>*</c> stands for any characters, <c>?</c> for one, letter case does not matter. A pattern
/// without a slash looks at the last name of a path only, one with a slash at the whole path.
/// </summary>
/// <param name="pattern">The pattern.</param>
internal sealed class Glob(string pattern)
{
    /// <summary>Whether the pattern fits a path.</summary>
    /// <param name="path">The path, with slashes.</param>
    public bool Fits(string path) =>
        Fits(pattern, pattern.Contains('/', StringComparison.Ordinal) ? path : path.AsSpan(path.LastIndexOf('/') + 1));

    // Going back to the last star only is enough, and keeps a hostile pattern from taking exponential time.
    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }
}
