using System.Collections.ObjectModel;
using System.Net;
using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Peers;

/// <summary>
/// What a peer says of itself in the payload of extended message 0 (BEP 10). Everything is optional; null is what was not said.
/// A peer may send it again later, and then says only what changed.
/// </summary>
public sealed record ExtensionHandshake
{
    /// <summary>How many extension messages are taken notice of; the others a handshake names are passed over.</summary>
    public const int MaxMessages = 64;

    private const int MaxNameLength = 64;
    private const int MaxClientLength = 64;

    /// <summary>
    /// The messages the sender understands, by name, and the id it wants each to be sent to it with (<c>m</c>). The id 0 says
    /// that it does not want a message, or no longer.
    /// </summary>
    public IReadOnlyDictionary<string, byte> Messages { get; init; } = ReadOnlyDictionary<string, byte>.Empty;

    /// <summary>The name and version of the client (<c>v</c>), without control characters and not longer than 64 characters.</summary>
    public string? Client { get; init; }

    /// <summary>How many requests the sender keeps without dropping any (<c>reqq</c>).</summary>
    public int? RequestQueue { get; init; }

    /// <summary>The TCP port the sender listens on (<c>p</c>).</summary>
    public ushort? ListenPort { get; init; }

    /// <summary>The address the sender sees the receiver at (<c>yourip</c>).</summary>
    public IPAddress? YourAddress { get; init; }

    /// <summary>An IPv4 address the sender can be reached at (<c>ipv4</c>).</summary>
    public IPAddress? IPv4 { get; init; }

    /// <summary>An IPv6 address the sender can be reached at (<c>ipv6</c>).</summary>
    public IPAddress? IPv6 { get; init; }

    /// <summary>The length of the info dictionary in bytes, from a sender that has it (<c>metadata_size</c>, BEP 9).</summary>
    public int? MetadataSize { get; init; }

    /// <summary>Whether the sender downloads nothing: it has all it wants (<c>upload_only</c>, BEP 21).</summary>
    public bool? UploadOnly { get; init; }

    /// <summary>How long ago the sender had the content whole (<c>complete_ago</c>).</summary>
    public TimeSpan? CompleteAgo { get; init; }

    /// <summary>Reads a handshake. What is of the wrong kind or out of range is taken as not said.</summary>
    /// <param name="payload">The payload, after the extended message id.</param>
    /// <param name="handshake">The handshake read.</param>
    /// <returns>Whether the payload is a bencoded dictionary.</returns>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ExtensionHandshake? handshake)
    {
        handshake = null;
        var reader = new BencodeReader(payload, BencodeReaderOptions.Lenient);
        if (reader.TryRead() != BencodeReadStatus.Token || reader.TokenType != BencodeTokenType.StartDictionary)
            return false;

        var read = new ExtensionHandshake();
        while (true)
        {
            if (reader.TryRead() != BencodeReadStatus.Token)
                return false;

            if (reader.TokenType == BencodeTokenType.EndDictionary)
                break;

            ReadOnlySpan<byte> key = reader.ValueSpan;
            if (reader.TryRead() != BencodeReadStatus.Token)
                return false;

            read = reader.TokenType switch
            {
                BencodeTokenType.Integer => read.WithInteger(key, reader.GetInt64()),
                BencodeTokenType.String => read.WithString(key, reader.ValueSpan),
                BencodeTokenType.StartDictionary when key.SequenceEqual("m"u8) => read with { Messages = ReadMessages(reader) },
                _ => read,
            };
            if (!reader.TrySkip())
                return false;
        }

        handshake = read;
        return true;
    }

    /// <summary>Writes the handshake.</summary>
    /// <param name="output">Where to: the payload, after the extended message id.</param>
    public void Write(IBufferWriter<byte> output)
    {
        var writer = new BencodeWriter(output);
        writer.WriteStartDictionary();
        if (CompleteAgo is { } completeAgo)
            writer.WriteInteger("complete_ago"u8, (long)completeAgo.TotalSeconds);
        WriteAddress(writer, "ipv4"u8, IPv4);
        WriteAddress(writer, "ipv6"u8, IPv6);
        WriteMessages(writer);
        if (MetadataSize is { } metadataSize)
            writer.WriteInteger("metadata_size"u8, metadataSize);
        if (ListenPort is { } listenPort)
            writer.WriteInteger("p"u8, listenPort);
        if (RequestQueue is { } requestQueue)
            writer.WriteInteger("reqq"u8, requestQueue);
        if (UploadOnly is { } uploadOnly)
            writer.WriteInteger("upload_only"u8, uploadOnly ? 1 : 0);
        if (Client is not null)
            writer.WriteString("v"u8, Client);
        WriteAddress(writer, "yourip"u8, YourAddress);
        writer.WriteEndDictionary();
    }

    /// <summary>Reads the entries of <c>m</c>. The reader is a copy: the caller's moves past them by itself.</summary>
    private static Dictionary<string, byte> ReadMessages(BencodeReader reader)
    {
        var messages = new Dictionary<string, byte>(StringComparer.Ordinal);
        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            if (reader.TryRead() != BencodeReadStatus.Token)
                break;

            if (reader.TryGetInt64(out long id) && id is >= 0 and <= byte.MaxValue
                && name.Length is > 0 and <= MaxNameLength && messages.Count < MaxMessages)
            {
                messages[Encoding.UTF8.GetString(name)] = (byte)id;
            }

            if (!reader.TrySkip())
                break;
        }

        return messages;
    }

    private ExtensionHandshake WithInteger(ReadOnlySpan<byte> key, long value)
    {
        if (key.SequenceEqual("upload_only"u8))
            return this with { UploadOnly = value != 0 };
        if (value is < 0 or > int.MaxValue)
            return this;
        if (key.SequenceEqual("complete_ago"u8))
            return this with { CompleteAgo = TimeSpan.FromSeconds(value) };
        if (value == 0)
            return this;
        if (key.SequenceEqual("metadata_size"u8))
            return this with { MetadataSize = (int)value };
        if (key.SequenceEqual("p"u8))
            return value <= ushort.MaxValue ? this with { ListenPort = (ushort)value } : this;
        if (key.SequenceEqual("reqq"u8))
            return this with { RequestQueue = (int)value };
        return this;
    }

    private ExtensionHandshake WithString(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("v"u8))
            return Printable(value) is { Length: > 0 } client ? this with { Client = client } : this;
        if (key.SequenceEqual("yourip"u8))
            return value.Length is 4 or 16 ? this with { YourAddress = new IPAddress(value) } : this;
        if (key.SequenceEqual("ipv4"u8))
            return value.Length == 4 ? this with { IPv4 = new IPAddress(value) } : this;
        if (key.SequenceEqual("ipv6"u8))
            return value.Length == 16 ? this with { IPv6 = new IPAddress(value) } : this;
        return this;
    }

    /// <summary>
    /// The name goes to terminals and logs, so that nothing that could move a cursor, break a line or turn the direction of
    /// text gets through.
    /// </summary>
    private static string Printable(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder();
        foreach (Rune rune in Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxClientLength * 4)]).EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > MaxClientLength)
                break;

            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                text.Append(rune.ToString());
            }
        }

        return text.ToString().Trim();
    }

    private static void WriteAddress(BencodeWriter writer, ReadOnlySpan<byte> key, IPAddress? address)
    {
        if (address is null)
            return;

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        writer.WriteString(key, bytes[..length]);
    }

    private void WriteMessages(BencodeWriter writer)
    {
        (byte[] Name, byte Id)[] sorted = [.. Messages.Select(message => (Encoding.UTF8.GetBytes(message.Key), message.Value))];
        Array.Sort(sorted, (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
        writer.WriteStartDictionary("m"u8);
        foreach ((byte[] name, byte id) in sorted)
            writer.WriteInteger(name, id);
        writer.WriteEndDictionary();
    }
}
