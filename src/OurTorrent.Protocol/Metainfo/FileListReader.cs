using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Metainfo;

/// <summary>Reads the list of files of a v1 torrent (BEP 3).</summary>
internal static class FileListReader
{
    /// <summary>Reads the whole list.</summary>
    /// <param name="list">The value under <c>files</c>.</param>
    /// <param name="text">How names are written.</param>
    /// <param name="files">The files in the order of the list.</param>
    public static MetainfoError? Read(RawValue list, TorrentText text, out List<FileEntry> files)
    {
        files = [];
        if (!list.IsList)
            return new(MetainfoErrorReason.WrongType, list.Offset, "The value of \"files\" is not a list.");

        var entries = new FileEntryReader(list, text);
        BencodeReader reader = list.Open();
        reader.TryRead();
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType != BencodeTokenType.EndList)
        {
            if (reader.TokenType != BencodeTokenType.StartDictionary)
                return new(MetainfoErrorReason.WrongType, list.Offset + reader.TokenStart, $"File {files.Count} is not a dictionary.");
            if (entries.ReadV1(ref reader, files.Count, out FileEntry entry) is { } error)
                return error;

            files.Add(entry);
        }

        return files.TrueForAll(file => file.IsPadding)
            ? new(MetainfoErrorReason.Files, list.Offset, "The list of files holds no file.")
            : null;
    }
}
