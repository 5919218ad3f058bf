namespace OurTorrent.Cli.Terminal;

/// <summary>How far one word is from another, for <c>did you mean</c>.</summary>
internal static class EditDistance
{
    /// <summary>How many letters must be put in, taken out or changed; upper and lower case are the same.</summary>
    /// <param name="one">A word.</param>
    /// <param name="other">Another.</param>
    public static int Between(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                bool same = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]);
                int cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[^1];
    }
}
