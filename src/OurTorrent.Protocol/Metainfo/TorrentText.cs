using System.Text.Unicode;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// Turns the byte strings of a torrent into text: as UTF-8 where they are UTF-8, else in the character set the torrent
/// names (<c>encoding</c>), else as Latin-1, so that different bytes stay different text.
/// </summary>
internal sealed class TorrentText
{
    private readonly Encoding _legacy;

    /// <summary>Prepares for one torrent.</summary>
    /// <param name="encoding">The name of the character set, as written in the torrent; null where there is none.</param>
    public TorrentText(string? encoding) => _legacy = FindLegacy(encoding) ?? Encoding.Latin1;

    /// <summary>Reads text.</summary>
    /// <param name="bytes">The bytes of the string.</param>
    /// <param name="isUtf8">Whether the bytes are UTF-8, so that encoding the text again gives them back.</param>
    public string Decode(ReadOnlySpan<byte> bytes, out bool isUtf8)
    {
        isUtf8 = Utf8.IsValid(bytes);
        return (isUtf8 ? Encoding.UTF8 : _legacy).GetString(bytes);
    }

    /// <summary>Reads text that is only shown.</summary>
    public string Decode(ReadOnlySpan<byte> bytes) => Decode(bytes, out _);

    private static Encoding? FindLegacy(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return null;

        try
        {
            // The tables of the old character sets come with .NET, but are asked only here: nothing is registered.
            return CodePagesEncodingProvider.Instance.GetEncoding(
                name.Trim(), EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
