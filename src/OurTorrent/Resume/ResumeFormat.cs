using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using OurTorrent.Bencoding;
using OurTorrent.Storage;

namespace OurTorrent.Resume;

/// <summary>
/// The bytes of a resume file: one bencoded dictionary, and the SHA-256 of it. The hash tells a damaged file from one of a later
/// version, so it stays where it is in all versions; so does the entry <c>version</c>.
/// </summary>
internal static class ResumeFormat
{
    /// <summary>The version that is written. It is raised when a reader of the old one would misread the new.</summary>
    public const int Version = 1;

    /// <summary>A longer file is not read, in bytes: a torrent of a million files needs about half of it.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <summary>The length that stands for a file that did not exist.</summary>
    public const int NoFile = -1;

    /// <summary>The key of how long the torrent was at work, in ticks of 100 ns.</summary>
    public static ReadOnlySpan<byte> ActiveKey => "active"u8;

    /// <summary>The key of whether it ended cleanly: 0 or 1.</summary>
    public static ReadOnlySpan<byte> CleanKey => "clean"u8;

    /// <summary>The key of the content's directory.</summary>
    public static ReadOnlySpan<byte> DirectoryKey => "directory"u8;

    /// <summary>The key of the bytes received.</summary>
    public static ReadOnlySpan<byte> DownloadedKey => "downloaded"u8;

    /// <summary>
    /// The key of the stamps: for each file its length, or -1, the times of its last write and of its last change in ticks of 100 ns
    /// (UTC), and the digest of its attributes.
    /// </summary>
    public static ReadOnlySpan<byte> FilesKey => "files"u8;

    /// <summary>The key of the v1 info-hash.</summary>
    public static ReadOnlySpan<byte> InfoHashKey => "info-hash"u8;

    /// <summary>The key of the v2 info-hash.</summary>
    public static ReadOnlySpan<byte> InfoHashV2Key => "info-hash-v2"u8;

    /// <summary>The key of the IPv4 peers, compact as in BEP 23.</summary>
    public static ReadOnlySpan<byte> PeersKey => "peers"u8;

    /// <summary>The key of the IPv6 peers, compact as in BEP 7.</summary>
    public static ReadOnlySpan<byte> Peers6Key => "peers6"u8;

    /// <summary>The key of the verified pieces, as in the <c>bitfield</c> message.</summary>
    public static ReadOnlySpan<byte> PiecesKey => "pieces"u8;

    /// <summary>The key of what ties the journal and the ledger to it, 16 bytes.</summary>
    public static ReadOnlySpan<byte> RunKey => "run"u8;

    /// <summary>The key of when it was saved, in ticks of 100 ns (UTC).</summary>
    public static ReadOnlySpan<byte> SavedKey => "saved"u8;

    /// <summary>The key of how long the torrent was seeding, in ticks of 100 ns.</summary>
    public static ReadOnlySpan<byte> SeedingKey => "seeding"u8;

    /// <summary>The key of the bytes sent.</summary>
    public static ReadOnlySpan<byte> UploadedKey => "uploaded"u8;

    /// <summary>The key of the version.</summary>
    public static ReadOnlySpan<byte> VersionKey => "version"u8;

    /// <summary>Makes the bytes of a file.</summary>
    public static byte[] Write(ResumeState state)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteDictionary(new BencodeWriter(output), state);
        return [.. output.WrittenSpan, .. SHA256.HashData(output.WrittenSpan)];
    }

    /// <summary>Reads the bytes of a file. Never throws, whatever they are.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="key">What the file must be about.</param>
    /// <param name="state">What was saved, when the answer is <see cref="ResumeStatus.Ok"/>.</param>
    public static ResumeStatus Read(ReadOnlySpan<byte> file, ResumeKey key, out ResumeState? state)
    {
        state = null;
        if (file.Length < SHA256.HashSizeInBytes)
            return ResumeStatus.Corrupt;

        ReadOnlySpan<byte> dictionary = file[..^SHA256.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(dictionary, hash);
        if (!hash.SequenceEqual(file[^SHA256.HashSizeInBytes..]) || !TryReadVersion(dictionary, out long version) || version < Version)
            return ResumeStatus.Corrupt;

        if (version > Version)
            return ResumeStatus.NewerVersion;

        var fields = new ResumeFields();
        var reader = new BencodeReader(dictionary);
        reader.TryRead();
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            if (reader.TryRead() != BencodeReadStatus.Token || !fields.TryTake(name, ref reader) || !reader.TrySkip())
                return ResumeStatus.Corrupt;
        }

        return fields.Build(key, out state);
    }

    /// <summary>Finds the version before anything else is looked at, since a later one may mean something else by any other key.</summary>
    private static bool TryReadVersion(ReadOnlySpan<byte> dictionary, out long version)
    {
        version = 0;
        var reader = new BencodeReader(dictionary);
        if (reader.TryRead() != BencodeReadStatus.Token || reader.TokenType != BencodeTokenType.StartDictionary)
            return false;

        bool found = false;
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            bool isVersion = reader.ValueEquals(VersionKey);
            if (reader.TryRead() != BencodeReadStatus.Token)
                return false;

            found |= isVersion && reader.TryGetInt64(out version);
            if (!reader.TrySkip())
                return false;
        }

        return found && reader.TokenType == BencodeTokenType.EndDictionary;
    }

    private static void WriteDictionary(BencodeWriter writer, ResumeState state)
    {
        writer.WriteStartDictionary();
        writer.WriteInteger(ActiveKey, state.ActiveTime.Ticks);
        writer.WriteInteger(CleanKey, state.IsClean ? 1 : 0);
        writer.WriteString(DirectoryKey, state.Directory);
        writer.WriteInteger(DownloadedKey, state.Downloaded);
        writer.WriteStartList(FilesKey);
        foreach (FileStamp? stamp in state.Stamps)
        {
            writer.WriteInteger(stamp?.Length ?? NoFile);
            writer.WriteInteger(stamp?.Modified.UtcTicks ?? 0);
            writer.WriteInteger(stamp?.Mark.Changed ?? 0);
            writer.WriteInteger((long)(stamp?.Mark.Attributes ?? 0));
        }

        writer.WriteEndList();
        if (state.InfoHashes.V1 is { } v1)
            writer.WriteString(InfoHashKey, v1.Span);
        if (state.InfoHashes.V2 is { } v2)
            writer.WriteString(InfoHashV2Key, v2.Span);
        IPEndPoint[] peers = [.. state.Peers.Take(ResumeState.MaxPeers)];
        writer.WriteString(PeersKey, Compact(peers, AddressFamily.InterNetwork));
        writer.WriteString(Peers6Key, Compact(peers, AddressFamily.InterNetworkV6));
        writer.WriteString(PiecesKey, state.Verified.Span);
        writer.WriteString(RunKey, state.Run.ToByteArray());
        writer.WriteInteger(SavedKey, state.SavedAt.UtcTicks);
        writer.WriteInteger(SeedingKey, state.SeedingTime.Ticks);
        writer.WriteInteger(UploadedKey, state.Uploaded);
        writer.WriteInteger(VersionKey, Version);
        writer.WriteEndDictionary();
    }

    private static byte[] Compact(IPEndPoint[] peers, AddressFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (IPEndPoint peer in peers)
        {
            IPAddress address = peer.Address.IsIPv4MappedToIPv6 ? peer.Address.MapToIPv4() : peer.Address;
            if (address.AddressFamily != family)
                continue;

            Span<byte> bytes = output.GetSpan(18);
            address.TryWriteBytes(bytes, out int length);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[length..], (ushort)peer.Port);
            output.Advance(length + sizeof(ushort));
        }

        return output.WrittenSpan.ToArray();
    }
}
