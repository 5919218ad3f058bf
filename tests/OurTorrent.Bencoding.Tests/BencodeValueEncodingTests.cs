using CsCheck;

namespace OurTorrent.Bencoding.Tests;

public sealed class BencodeValueEncodingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bencode-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Any_value_survives_the_way_to_bytes_and_back()
    {
        Document.RandomValue.Sample(
            value => BencodeValue.Parse(value.ToBytes()) is { } back && back == value && back.GetHashCode() == value.GetHashCode(),
            iter: 2_000);
    }

    [Fact]
    public void Parsing_any_bytes_never_throws()
    {
        Gen.OneOf(Document.RandomBytes, Document.NearlyBencode, Document.Mutated).Sample(
            bytes => BencodeValue.TryParse(bytes, BencodeReaderOptions.Lenient, out BencodeValue? value, out BencodeError error)
                ? error.Reason == BencodeErrorReason.None && value.ToString().Length > 0
                : error.Reason != BencodeErrorReason.None && value is null,
            iter: 20_000);
    }

    [Fact]
    public void Malformed_bytes_throw_with_their_error()
    {
        BencodeException exception = Assert.Throws<BencodeException>(() => BencodeValue.Parse("l1:ax"u8));

        Assert.Equal(BencodeErrorReason.UnexpectedByte, exception.Error.Reason);
        Assert.Equal(4, exception.Error.Offset);
        Assert.False(BencodeValue.TryParse("l1:ax"u8, out _));
    }

    [Fact]
    public void Unsorted_keys_are_sorted_and_of_repeated_ones_the_last_is_taken()
    {
        BencodeValue value = BencodeValue.Parse("d1:ci1e1:ai2e1:bi3e1:ai4ee"u8, BencodeReaderOptions.Lenient);

        Assert.Equal(Document.Bytes("d1:ai4e1:bi3e1:ci1ee"), value.ToBytes());
    }

    [Fact]
    public void Keys_in_hostile_order_cost_no_more_than_sorting()
    {
        // 200,000 keys in descending order: inserting each into its place would move 20 billion entries.
        byte[] bytes =
            [(byte)'d', .. Enumerable.Range(0, 200_000).Reverse().SelectMany(i => Document.Bytes($"6:{i:D6}i1e")), (byte)'e'];

        BencodeValue value = BencodeValue.Parse(bytes, BencodeReaderOptions.Lenient);

        Assert.Equal(200_000, Assert.IsType<BencodeDictionary>(value).Count);
    }

    [Fact]
    public async Task A_value_goes_through_a_stream()
    {
        BencodeValue value = new BencodeList { 1, "two", new byte[100_000] };
        using MemoryStream stream = new();
        await value.WriteToAsync(stream, TestContext.Current.CancellationToken);
        stream.Position = 0;

        BencodeValue back = await BencodeValue.ReadAsync(stream, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(value, back);
    }

    [Fact]
    public async Task A_stream_longer_than_allowed_is_refused()
    {
        using MemoryStream stream = new(new byte[101]);

        BencodeException exception = await Assert.ThrowsAsync<BencodeException>(
            () => BencodeValue.ReadAsync(stream, maxLength: 100, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(BencodeErrorReason.TooLong, exception.Error.Reason);
    }

    [Fact]
    public async Task A_value_goes_through_a_file_and_replaces_what_was_there()
    {
        string path = Path.Combine(_folder.FullName, "value");
        await File.WriteAllTextAsync(path, "old and longer than the new", TestContext.Current.CancellationToken);
        BencodeValue value = new BencodeDictionary { ["key"] = 1 };

        await value.WriteFileAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal("d3:keyi1ee", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(value, await BencodeValue.ReadFileAsync(path, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task A_write_that_is_cancelled_leaves_the_file_as_it_was()
    {
        string path = Path.Combine(_folder.FullName, "value");
        await File.WriteAllTextAsync(path, "old", TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new BencodeList().WriteFileAsync(path, new CancellationToken(canceled: true)));

        Assert.Equal("old", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(_folder.GetFiles());
    }
}
