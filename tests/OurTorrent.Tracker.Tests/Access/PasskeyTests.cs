using System.Text;
using CsCheck;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Tracker.Tests.Access;

public class PasskeyTests
{
    private const string Key = "0123456789abcdef0123456789ABCDEF";

    [Theory]
    [InlineData($"/{Key}/announce")]
    [InlineData($"/announce/{Key}")]
    [InlineData($"/announce/{Key}?info_hash=x&passkey=1")]
    [InlineData($"/tracker/{Key}/announce?x")]
    [InlineData($"/announce?passkey={Key}")]
    [InlineData($"/announce?info_hash=%00%2f&passkey={Key}&left=0")]
    public void A_passkey_is_found_in_a_part_of_the_path_or_in_the_query(string path)
    {
        Assert.True(Passkey.TryFind(Encoding.ASCII.GetBytes(path), out ReadOnlySpan<byte> digits));
        Assert.Equal(Key, Encoding.ASCII.GetString(digits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/announce")]
    [InlineData($"/announce/{Key}0")]
    [InlineData("/announce/0123456789abcdef0123456789ABCDE")]
    [InlineData("/announce/0123456789abcdef0123456789ABCDEg")]
    [InlineData($"/announce?key={Key}")]
    [InlineData($"/announce?a={Key}/")]
    public void Anything_else_is_none(string path) => Assert.False(Passkey.TryFind(Encoding.ASCII.GetBytes(path), out _));

    [Fact]
    public void No_path_makes_it_throw() => Gen.Byte.Array[0, 200].Sample(path =>
    {
        if (Passkey.TryFind(path, out ReadOnlySpan<byte> digits))
            Passkey.DigestOf(digits);
    });

    [Fact]
    public void Upper_and_lower_case_are_the_same_passkey() => Assert.Equal(
        Passkey.DigestOf(Encoding.ASCII.GetBytes(Key.ToUpperInvariant())), Passkey.DigestOf(Encoding.ASCII.GetBytes(Key.ToLowerInvariant())));

    [Fact]
    public void Each_new_one_is_another()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(static _ => Passkey.Create())];

        Assert.Equal(100, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, static key => Assert.Matches("^[0-9a-f]{32}$", key));
    }
}
