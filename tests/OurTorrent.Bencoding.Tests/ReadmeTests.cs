using System.Buffers;
using System.Text;

namespace OurTorrent.Bencoding.Tests;

/// <summary>The examples of the package's README, compiled and run. The last test holds the two texts together.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bencode-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_document_is_made_written_and_read()
    {
        string path = Path.Combine(_folder.FullName, "song.torrent");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        BencodeDictionary torrent = new()
        {
            ["announce"] = "udp://tracker.example:6969",
            ["info"] = new BencodeDictionary
            {
                ["name"] = "song.ogg",
                ["length"] = 3_500_000,
                ["piece length"] = 1 << 18,
                ["pieces"] = new byte[14 * 20],
            },
        };
        await torrent.WriteFileAsync(path, cancellationToken);

        BencodeValue read = await BencodeValue.ReadFileAsync(path, cancellationToken: cancellationToken);
        string name = (string)read["info"]["name"];
        long length = (long)read["info"]["length"];
        string? comment = (string?)read.Find("comment");

        Assert.Equal("song.ogg", name);
        Assert.Equal(3_500_000, length);
        Assert.Null(comment);
    }

    [Fact]
    public void The_raw_bytes_of_a_value_are_found_without_allocation()
    {
        Assert.True(TryReadInfo("d7:comment2:hi4:infod4:name1:xee"u8, out byte[] info));
        Assert.Equal("d4:name1:xe"u8, info);
        Assert.False(TryReadInfo("d7:comment2:hi4:infod4:name1:xe"u8, out _));
    }

    [Fact]
    public void A_message_is_written()
    {
        ArrayBufferWriter<byte> output = new();
        BencodeWriter writer = new(output);
        writer.WriteStartDictionary();
        writer.WriteString("q"u8, "ping");
        writer.WriteString("t"u8, "aa");
        writer.WriteString("y"u8, "q");
        writer.WriteEndDictionary();
        writer.Complete();

        Assert.Equal("d1:q4:ping1:t2:aa1:y1:qe", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Every_example_of_the_readme_is_in_this_file()
    {
        string[] readme = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Readme", "README.md"));
        string tests = Flatten(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Readme", "ReadmeTests.cs")));
        List<string> examples = [];
        for (int start = Array.IndexOf(readme, "```csharp"); start >= 0; start = Array.IndexOf(readme, "```csharp", start + 1))
            examples.Add(Flatten(readme[(start + 1)..Array.IndexOf(readme, "```", start)]));

        Assert.Equal(3, examples.Count);
        Assert.All(examples, example => Assert.Contains(example, tests, StringComparison.Ordinal));
    }

    private static string Flatten(string[] lines) => string.Join('\n', lines.Select(line => line.Trim()));

    private static bool TryReadInfo(ReadOnlySpan<byte> bytes, out byte[] found)
    {
        found = [];

        BencodeReader reader = new(bytes);
        ReadOnlySpan<byte> info = default;
        if (reader.TryRead() != BencodeReadStatus.Token || reader.TokenType != BencodeTokenType.StartDictionary)
            return false;

        while (reader.TryRead() == BencodeReadStatus.Token && reader.TokenType == BencodeTokenType.Key)
        {
            // The raw value is the bytes as they were found: an info-hash is taken over these.
            bool understood = reader.ValueEquals("info"u8) ? reader.TryReadRawValue(out info) : reader.TrySkip();
            if (!understood)
                return false;
        }

        if (reader.TokenType != BencodeTokenType.EndDictionary)
            return false;

        found = info.ToArray();
        return true;
    }
}
