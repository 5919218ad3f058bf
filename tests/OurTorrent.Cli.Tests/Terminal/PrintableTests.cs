using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tests.Terminal;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Motörhead – 日本語 😀", "Motörhead – 日本語 😀")]
    [InlineData("a\u001b[2Jb\nc\r\u009b", "a\uFFFD[2Jb\uFFFDc\uFFFD\uFFFD")]
    [InlineData("photo\u202Egpj.exe", "photo\uFFFDgpj.exe")]
    public void Nothing_a_stranger_wrote_can_steer_the_terminal(string text, string expected) => Assert.Equal(expected, Printable.Of(text));
}
