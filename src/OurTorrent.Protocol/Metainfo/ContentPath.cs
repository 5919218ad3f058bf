namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// The rules that turn names from a torrent into names any file system takes. They do not look at the platform, so that a
/// torrent has the same names everywhere. A name is never refused: what cannot stand is replaced by <c>_</c>.
/// </summary>
/// <remarks>
/// Replaced one by one: control characters, separators, characters Windows forbids, characters that reverse the direction
/// of text, halves of surrogate pairs and the replacement character of undecodable bytes. Cut off: dots and spaces at the
/// end. Names of nothing but dots and spaces, as <c>..</c>, become <c>_</c>. Device names of Windows, also with an
/// extension, get a <c>_</c> in front. Names over <see cref="MaxNameLength"/> bytes of UTF-8 are cut, their extension kept.
/// </remarks>
public static class ContentPath
{
    /// <summary>The longest name of a file or directory, in bytes of UTF-8; common file systems take no longer one.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The most names a path may have.</summary>
    public const int MaxDepth = 64;

    /// <summary>An extension is kept when a name is cut if it is no longer than this, in bytes of UTF-8 with its dot.</summary>
    private const int MaxExtensionLength = 32;

    private const char Substitute = '_';

    private static readonly string[] DeviceNames = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

    /// <summary>Makes one name safe.</summary>
    /// <param name="name">A name from a torrent.</param>
    /// <param name="safe">The name to use; the same instance where there is nothing to change.</param>
    /// <returns>False for an empty name and for <c>.</c>, which name nothing and are left out of a path.</returns>
    public static bool TryMakeSafe(string name, [NotNullWhen(true)] out string? safe)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name is "" or ".")
        {
            safe = null;
            return false;
        }

        // Cutting a long name may leave dots and spaces at its end, or a device name before them.
        safe = Shorten(ReplaceForbidden(name).TrimEnd(' ', '.'), suffix: "");
        if (safe.Length == 0)
            safe = "_";
        else if (IsDeviceName(safe))
            safe = Shorten(Substitute + safe, suffix: "");

        return true;
    }

    /// <summary>The name with a number before its extension, by which the second of two files of one name is told from the first.</summary>
    internal static string Number(string safeName, int number) =>
        Shorten(safeName, string.Create(CultureInfo.InvariantCulture, $" ({number})"));

    /// <summary>Whether a file system of the Unix kind can hold a file of this very name.</summary>
    internal static bool IsUnixName(string name) =>
        name is not ("" or "." or "..") && name.AsSpan().IndexOfAny('/', '\0', '\uFFFD') < 0 && IsWellFormed(name) &&
        Encoding.UTF8.GetByteCount(name) <= MaxNameLength;

    private static string ReplaceForbidden(string name)
    {
        StringBuilder? changed = null;
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogatePair(name, i))
                i++;
            else if (IsForbidden(name[i]))
                (changed ??= new StringBuilder(name))[i] = Substitute;
        }

        return changed?.ToString() ?? name;
    }

    private static bool IsForbidden(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) || c is
            '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*' or
            '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or
            '\u2028' or '\u2029' or '\uFEFF' or '\uFFFD';

    private static bool IsDeviceName(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> stem = (dot < 0 ? name : name.AsSpan(0, dot)).TrimEnd(' ');
        foreach (string device in DeviceNames)
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return stem.Length == 4
            && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
            && stem[3] is (>= '0' and <= '9') or '¹' or '²' or '³';
    }

    private static string Shorten(string name, string suffix)
    {
        int length = Encoding.UTF8.GetByteCount(name) + suffix.Length;
        if (length <= MaxNameLength && suffix.Length == 0)
            return name;

        int dot = name.LastIndexOf('.');
        string extension = dot > 0 && Encoding.UTF8.GetByteCount(name.AsSpan(dot)) <= MaxExtensionLength ? name[dot..] : "";
        string stem = name[..^extension.Length];
        if (length > MaxNameLength)
            stem = CutToBytes(stem, MaxNameLength - suffix.Length - Encoding.UTF8.GetByteCount(extension));

        return string.Concat(stem, suffix, extension).TrimEnd(' ', '.');
    }

    private static string CutToBytes(string text, int limit)
    {
        int bytes = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > limit)
                break;

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    private static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogatePair(name, i))
                i++;
            else if (char.IsSurrogate(name[i]))
                return false;
        }

        return true;
    }
}
