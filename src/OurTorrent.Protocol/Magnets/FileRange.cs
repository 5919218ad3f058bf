namespace OurTorrent.Protocol.Magnets;

/// <summary>Files of a torrent that follow each other, as a magnet link selects them (BEP 53).</summary>
/// <param name="First">The index of the first file.</param>
/// <param name="Last">The index of the last file, not below <paramref name="First"/>.</param>
public readonly record struct FileRange(int First, int Last)
{
    /// <summary>Whether a file is in the range.</summary>
    /// <param name="index">The index of the file.</param>
    public bool Contains(int index) => index >= First && index <= Last;

    /// <summary>Reads one index, or two with a dash between.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out FileRange range)
    {
        int dash = text.IndexOf('-');
        ReadOnlySpan<char> first = dash < 0 ? text : text[..dash];
        ReadOnlySpan<char> last = dash < 0 ? text : text[(dash + 1)..];
        bool read = int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            & int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int to);
        range = new(from, to);
        return read && from <= to;
    }

    /// <summary>One index, or two with a dash between.</summary>
    public override string ToString() =>
        First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
