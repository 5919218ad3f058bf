using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Trackers;

/// <summary>What the answer to a scrape over HTTP holds, as it is read.</summary>
internal sealed class HttpScrapeFields : HttpTrackerFields
{
    /// <summary>How many swarms are taken from one answer; more are left out.</summary>
    private const int MaxEntries = 10_000;

    public bool HasFiles { get; private set; }

    public Dictionary<InfoHash, ScrapeEntry> Entries { get; } = [];

    protected override bool TryReadOwn(ReadOnlySpan<byte> key, ref BencodeReader reader)
    {
        if (!key.SequenceEqual("files"u8) || reader.TokenType != BencodeTokenType.StartDictionary)
            return true;

        HasFiles = true;
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            if (reader.TryRead() != BencodeReadStatus.Token || !TryReadEntry(name, ref reader))
                return false;
        }

        return reader.TokenType == BencodeTokenType.EndDictionary;
    }

    private bool TryReadEntry(ReadOnlySpan<byte> name, ref BencodeReader reader)
    {
        if (reader.TokenType != BencodeTokenType.StartDictionary)
            return reader.TrySkip();

        int? seeders = null;
        int? completed = null;
        int? leechers = null;
        int? downloaders = null;
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            ReadOnlySpan<byte> key = reader.ValueSpan;
            if (reader.TryRead() != BencodeReadStatus.Token)
                return false;

            if (reader.TryGetInt64(out long number))
            {
                if (key.SequenceEqual("complete"u8))
                    seeders = TrackerNumber.Count(number);
                else if (key.SequenceEqual("downloaded"u8))
                    completed = TrackerNumber.Count(number);
                else if (key.SequenceEqual("incomplete"u8))
                    leechers = TrackerNumber.Count(number);
                else if (key.SequenceEqual("downloaders"u8))
                    downloaders = TrackerNumber.Count(number);
            }
            else if (!reader.TrySkip())
            {
                return false;
            }
        }

        if (name.Length == InfoHash.Length && Entries.Count < MaxEntries)
            Entries[new InfoHash(name)] = new ScrapeEntry(seeders ?? 0, completed ?? 0, leechers ?? 0, downloaders);
        return reader.TokenType == BencodeTokenType.EndDictionary;
    }
}
