using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using OurTorrent.Bencoding;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>The entries of a resume file as they are read, each checked for its kind and range.</summary>
internal sealed class ResumeFields
{
    private const int PeerV4Length = 6;
    private const int PeerV6Length = 18;
    private const int RunLength = 16;

    private readonly List<IPEndPoint> _peers = [];
    private InfoHash? _v1;
    private InfoHashV2? _v2;
    private string? _directory;
    private byte[]? _pieces;
    private FileStamp?[]? _stamps;
    private DateTimeOffset? _savedAt;
    private long _uploaded;
    private long _downloaded;
    private TimeSpan _active;
    private TimeSpan _seeding;
    private Guid _run;
    private bool _clean;

    /// <summary>Takes an entry, whose value the reader stands on. An entry with another key is left alone.</summary>
    /// <returns>Whether the value is of the right kind and in range.</returns>
    public bool TryTake(ReadOnlySpan<byte> key, ref BencodeReader reader)
    {
        if (key.SequenceEqual(ResumeFormat.FilesKey))
            return TryTakeStamps(ref reader);
        if (reader.TokenType == BencodeTokenType.Integer)
            return TryTakeInteger(key, reader.GetInt64());
        if (reader.TokenType == BencodeTokenType.String)
            return TryTakeString(key, reader.ValueSpan);
        return true;
    }

    /// <summary>Puts the entries together.</summary>
    /// <returns>What came of it: an entry may be missing, or not fit the torrent.</returns>
    public ResumeStatus Build(ResumeKey key, out ResumeState? state)
    {
        state = null;
        if (_directory is null || _pieces is null || _stamps is null || _savedAt is null || (_v1 is null && _v2 is null))
            return ResumeStatus.Corrupt;

        var infoHashes = new InfoHashes(_v1, _v2);
        if (infoHashes != key.InfoHashes || !key.IsSameDirectory(_directory))
            return ResumeStatus.OtherTorrent;

        if (_stamps.Length != key.FileCount || !Bitfield.TryParse(_pieces, key.PieceCount, out Bitfield? verified))
        {
            return ResumeStatus.Corrupt;
        }

        state = new ResumeState
        {
            InfoHashes = infoHashes,
            Directory = _directory,
            Verified = verified,
            Stamps = _stamps,
            SavedAt = _savedAt.Value,
            IsClean = _clean,
            Run = _run,
            Uploaded = _uploaded,
            Downloaded = _downloaded,
            ActiveTime = _active,
            SeedingTime = _seeding,
            Peers = _peers,
        };
        return ResumeStatus.Ok;
    }

    private bool TryTakeInteger(ReadOnlySpan<byte> key, long value)
    {
        if (key.SequenceEqual(ResumeFormat.UploadedKey))
            _uploaded = value;
        else if (key.SequenceEqual(ResumeFormat.DownloadedKey))
            _downloaded = value;
        else if (key.SequenceEqual(ResumeFormat.ActiveKey))
            _active = TimeSpan.FromTicks(value);
        else if (key.SequenceEqual(ResumeFormat.SeedingKey))
            _seeding = TimeSpan.FromTicks(value);
        else if (key.SequenceEqual(ResumeFormat.CleanKey))
            _clean = value == 1;
        else if (key.SequenceEqual(ResumeFormat.SavedKey))
            return TryGetTime(value, out _savedAt);
        else
            return true;
        return value >= 0;
    }

    private bool TryTakeString(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual(ResumeFormat.DirectoryKey))
            _directory = Encoding.UTF8.GetString(value);
        else if (key.SequenceEqual(ResumeFormat.PiecesKey))
            _pieces = value.ToArray();
        else if (key.SequenceEqual(ResumeFormat.RunKey))
            return TryTakeRun(value);
        else if (key.SequenceEqual(ResumeFormat.PeersKey))
            return TryTakePeers(value, PeerV4Length);
        else if (key.SequenceEqual(ResumeFormat.Peers6Key))
            return TryTakePeers(value, PeerV6Length);
        else if (key.SequenceEqual(ResumeFormat.InfoHashKey))
            return TryTakeV1(value);
        else if (key.SequenceEqual(ResumeFormat.InfoHashV2Key))
            return TryTakeV2(value);
        return true;
    }

    private bool TryTakeRun(ReadOnlySpan<byte> value)
    {
        if (value.Length != RunLength)
            return false;

        _run = new Guid(value);
        return true;
    }

    private bool TryTakeV1(ReadOnlySpan<byte> value)
    {
        if (value.Length != InfoHash.Length)
            return false;

        _v1 = new InfoHash(value);
        return true;
    }

    private bool TryTakeV2(ReadOnlySpan<byte> value)
    {
        if (value.Length != InfoHashV2.Length)
            return false;

        _v2 = new InfoHashV2(value);
        return true;
    }

    private bool TryTakePeers(ReadOnlySpan<byte> value, int peerLength)
    {
        if (value.Length % peerLength != 0)
            return false;

        for (; !value.IsEmpty && _peers.Count < ResumeState.MaxPeers; value = value[peerLength..])
        {
            int port = BinaryPrimitives.ReadUInt16BigEndian(value[(peerLength - 2)..]);
            _peers.Add(new IPEndPoint(new IPAddress(value[..(peerLength - 2)]), port));
        }

        return true;
    }

    /// <summary>Reads four numbers for each file; the reader ends on the end of the list.</summary>
    private bool TryTakeStamps(ref BencodeReader reader)
    {
        if (reader.TokenType != BencodeTokenType.StartList)
            return false;

        var stamps = new List<FileStamp?>();
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TryGetInt64(out long length))
        {
            if (!TryReadNumber(ref reader, out long ticks) || !TryGetTime(ticks, out DateTimeOffset? modified)
                || !TryReadNumber(ref reader, out long changed) || changed < 0
                || !TryReadNumber(ref reader, out long attributes) || length < ResumeFormat.NoFile)
            {
                return false;
            }

            var mark = new FileMark(changed, (ulong)attributes, Mount: 0);
            stamps.Add(length == ResumeFormat.NoFile ? null : new FileStamp(length, modified.Value) { Mark = mark });
        }

        _stamps = [.. stamps];
        return reader.TokenType == BencodeTokenType.EndList;
    }

    private static bool TryReadNumber(ref BencodeReader reader, out long number)
    {
        number = 0;
        return reader.TryRead() == BencodeReadStatus.Token && reader.TryGetInt64(out number);
    }

    private static bool TryGetTime(long ticks, [NotNullWhen(true)] out DateTimeOffset? time)
    {
        bool inRange = ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks;
        time = inRange ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        return inRange;
    }
}
