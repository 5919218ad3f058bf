using System.Text;
using CsCheck;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Protocol.Tests.Metainfo;

public sealed class ContentPathTests
{
    [Theory]
    [InlineData("readme.txt", "readme.txt")]
    [InlineData(".bashrc", ".bashrc")]
    [InlineData("Ünïcödé 漢字 😀.mkv", "Ünïcödé 漢字 😀.mkv")]
    [InlineData("..", "_")]
    [InlineData("...", "_")]
    [InlineData(" ", "_")]
    [InlineData(". .", "_")]
    [InlineData("/etc/passwd", "_etc_passwd")]
    [InlineData("../../x", ".._.._x")]
    [InlineData(@"..\..\x", ".._.._x")]
    [InlineData(@"C:\Windows", "C__Windows")]
    [InlineData("a<b>c:d\"e|f?g*h", "a_b_c_d_e_f_g_h")]
    [InlineData("a\0b\nc\u0085d\u007fe", "a_b_c_d_e")]
    [InlineData("ends. . ", "ends")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.tar.gz", "_nul.tar.gz")]
    [InlineData("COM1 .txt", "_COM1 .txt")]
    [InlineData("lpt³", "_lpt³")]
    [InlineData("CON ", "_CON")]
    [InlineData("console", "console")]
    [InlineData("COM10", "COM10")]
    [InlineData("photo\u202Egpj.exe", "photo_gpj.exe")]
    [InlineData("un\ufffddecodable", "un_decodable")]
    public void A_name_is_made_safe_for_every_file_system(string name, string expected)
    {
        Assert.True(ContentPath.TryMakeSafe(name, out string? safe));
        Assert.Equal(expected, safe);
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        Assert.True(ContentPath.TryMakeSafe("half\ud800pair", out string? safe));
        Assert.Equal("half_pair", safe);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    public void A_name_that_names_nothing_is_left_out(string name)
    {
        Assert.False(ContentPath.TryMakeSafe(name, out string? safe));
        Assert.Null(safe);
    }

    [Fact]
    public void A_long_name_is_cut_between_characters_and_keeps_its_extension()
    {
        Assert.True(ContentPath.TryMakeSafe(new string('漢', 200) + ".mkv", out string? safe));

        Assert.Equal(new string('漢', 83) + ".mkv", safe);
    }

    [Fact]
    public void A_character_of_two_halves_is_not_cut_in_the_middle()
    {
        Assert.True(ContentPath.TryMakeSafe("a" + string.Concat(Enumerable.Repeat("😀", 100)), out string? safe));

        Assert.Equal("a" + string.Concat(Enumerable.Repeat("😀", 63)), safe);
    }

    [Theory]
    [InlineData(".", 300, "x", 40, "_")]
    [InlineData("CON ", 80, "x", 1, null)]
    public void What_cutting_leaves_is_safe_too(string start, int times, string end, int endTimes, string? expected)
    {
        string name = string.Concat(Enumerable.Repeat(start, times)) + string.Concat(Enumerable.Repeat(end, endTimes));

        Assert.True(ContentPath.TryMakeSafe(name, out string? safe));
        AssertSafe(safe);
        if (expected is not null)
            Assert.Equal(expected, safe);
    }

    [Fact]
    public void A_device_name_in_front_of_what_is_cut_off_is_seen()
    {
        Assert.True(ContentPath.TryMakeSafe("CON" + new string(' ', 260) + "x", out string? safe));

        Assert.Equal("_CON", safe);
    }

    [Fact]
    public void Any_name_becomes_a_safe_one_and_stays_it()
    {
        Gen.OneOf(Gen.String, Gen.String["./\\ :CONcon1\u202e\ud800\0漢"].Select(text => text), Gen.String[Gen.Char["a. 😀"], 0, 400])
            .Sample(name =>
            {
                if (!ContentPath.TryMakeSafe(name, out string? safe))
                    return name is "" or ".";

                AssertSafe(safe);
                return ContentPath.TryMakeSafe(safe, out string? again) && string.Equals(again, safe, StringComparison.Ordinal);
            });
    }

    internal static void AssertSafe(string name)
    {
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, ContentPath.MaxNameLength);
        Assert.DoesNotContain(name, c => "<>:\"/\\|?*\0".Contains(c, StringComparison.Ordinal));
        Assert.DoesNotContain(name, char.IsControl);
        Assert.NotEqual("..", name);
        Assert.False(name[^1] is '.' or ' ', name);
        Assert.DoesNotMatch("^(?i)(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]) *([.].*)?$", name);

        // What is not a whole character would be replaced on the way.
        Assert.Equal(name, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
    }
}
