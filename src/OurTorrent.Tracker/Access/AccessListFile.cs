using System.Globalization;

namespace OurTorrent.Tracker.Access;

/// <summary>Reads lists that people keep: an entry a line, empty lines and everything after <c>#</c> left out.</summary>
internal static class AccessListFile
{
    private const long MaxLength = 256 * 1024 * 1024;
    private const int MostShown = 80;

    /// <summary>Tries to read an entry.</summary>
    public delegate bool Parser<T>(ReadOnlySpan<char> text, out T entry);

    /// <summary>Reads a list of info-hashes; of a v2 info-hash (BEP 52) the first 20 bytes count, which is what trackers are asked for.</summary>
    public static HashSet<InfoHash> ReadTorrents(string path) =>
        [.. Read<InfoHash>(path, TryParseInfoHash, "an info-hash of 40 hexadecimal digits is needed")];

    /// <summary>Reads a list of networks.</summary>
    public static List<AddressRange> ReadNetworks(string path) =>
        Read<AddressRange>(path, AddressRange.TryParse, "an address, a network such as 192.0.2.0/24 or a range such as 192.0.2.1-192.0.2.9 is needed");

    /// <summary>Reads 40 or 64 hexadecimal digits.</summary>
    public static bool TryParseInfoHash(ReadOnlySpan<char> text, out InfoHash infoHash)
    {
        Span<byte> rest = stackalloc byte[12];
        infoHash = default;
        if (text.Length == 64 && Convert.FromHexString(text[40..], rest, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        return text.Length is 40 or 64 && InfoHash.TryParseHex(text[..40], out infoHash);
    }

    private static List<T> Read<T>(string path, Parser<T> parse, string needed)
    {
        var entries = new List<T>();
        try
        {
            using var file = new StreamReader(path);
            if (file.BaseStream.CanSeek && file.BaseStream.Length > MaxLength)
                throw new AccessListException($"'{path}' is larger than {MaxLength / 1024 / 1024} MB; a list of that size is a mistake.");

            for (int number = 1; file.ReadLine() is { } line; number++)
            {
                ReadOnlySpan<char> text = line.AsSpan();
                int comment = text.IndexOf('#');
                text = (comment < 0 ? text : text[..comment]).Trim();
                if (text.IsEmpty)
                    continue;
                if (!parse(text, out T entry))
                {
                    string shown = text.Length <= MostShown ? text.ToString() : string.Concat(text[..(MostShown - 1)], "…");
                    throw new AccessListException(string.Create(CultureInfo.InvariantCulture, $"{path}:{number}: '{shown}' does not fit: {needed}."));
                }

                entries.Add(entry);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AccessListException($"The list '{path}' cannot be read: there is no such file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AccessListException($"The list '{path}' cannot be read: it is a folder, or this user may not read it.", e);
        }
        catch (IOException e)
        {
            throw new AccessListException($"The list '{path}' cannot be read: {e.Message.TrimEnd('.')}.", e);
        }

        return entries;
    }
}
