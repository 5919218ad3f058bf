using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tests.Terminal;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("65536", 65536)]
    [InlineData("500K", 512000)]
    [InlineData("2M", 2097152)]
    [InlineData("2m", 2097152)]
    [InlineData("1.5M", 1572864)]
    [InlineData("16KiB", 16384)]
    [InlineData("16 KB", -1)]
    [InlineData("3G", 3221225472)]
    [InlineData("1T", 1099511627776)]
    [InlineData("", -1)]
    [InlineData("K", -1)]
    [InlineData("-1", -1)]
    [InlineData("1e9", -1)]
    [InlineData("12X", -1)]
    [InlineData("99999999999T", -1)]
    [InlineData("79228162514264337593543950335", -1)]
    [InlineData("79228162514264337593543950336", -1)]
    public void Sizes_are_read_with_units_of_1024(string text, long expected) =>
        Assert.Equal(expected, ByteSize.TryParse(text, out long bytes) ? bytes : -1);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KB")]
    [InlineData(163783, "159.9 KB")]
    [InlineData(1048575, "1.00 MB")]
    [InlineData(5665497088, "5.28 GB")]
    [InlineData(long.MaxValue, "8.00 EB")]
    public void Sizes_are_written_to_be_read_at_a_glance(long bytes, string expected) => Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData(7, "7 B")]
    [InlineData(16384, "16384 B (16.00 KB)")]
    [InlineData(5665497088, "5665497088 B (5403.04 MB)")]
    public void Tables_give_sizes_to_the_byte_and_in_megabytes(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.FormatExact(bytes));
}
