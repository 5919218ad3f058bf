using System.Text;

namespace OurTorrent.Protocol.Tests.Fixtures;

/// <summary>Writes bencode that need not be right: dictionaries keep the order and the repetitions they are given.</summary>
internal static class Bencode
{
    public static byte[] Of(object value)
    {
        var output = new MemoryStream();
        Write(output, value);
        return output.ToArray();
    }

    /// <summary>A dictionary from keys and values by turns.</summary>
    public static Entries Dict(params object[] keysAndValues) => new(keysAndValues);

    private static void Write(MemoryStream output, object value)
    {
        switch (value)
        {
            case Raw raw:
                output.Write(raw.Bytes);
                break;
            case byte[] bytes:
                Text(output, $"{bytes.Length}:");
                output.Write(bytes);
                break;
            case string text:
                Write(output, Encoding.UTF8.GetBytes(text));
                break;
            case int or long:
                Text(output, $"i{value}e");
                break;
            case Entries entries:
                Text(output, "d");
                foreach (object entry in entries.Values)
                    Write(output, entry);
                Text(output, "e");
                break;
            case System.Collections.IEnumerable list:
                Text(output, "l");
                foreach (object item in list)
                    Write(output, item);
                Text(output, "e");
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no bencoding.", nameof(value));
        }
    }

    private static void Text(MemoryStream output, FormattableString text) => output.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant(text)));

    private static void Text(MemoryStream output, string text) => output.Write(Encoding.ASCII.GetBytes(text));

    /// <summary>The contents of a dictionary.</summary>
    public sealed record Entries(object[] Values);

    /// <summary>A value that is already encoded.</summary>
    public sealed record Raw(byte[] Bytes);
}
