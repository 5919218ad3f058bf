using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tests.Terminal;

public sealed class PlainTextTests
{
    [Fact]
    public void A_table_of_labels_is_aligned_and_has_no_borders()
    {
        Table table = new Table("TITLE").Add("Name", "album").AddLines("Files", ["one", "two"]).AddLines("Nothing", []);

        Assert.Equal("TITLE\nName   album\nFiles  one\n       two\n", Write(table));
    }

    [Fact]
    public void A_table_with_headers_has_them_in_its_first_line()
    {
        Table table = new Table("PEERS", "Peer", "Client").Add("192.0.2.7:6881", "aria2").Add("x", "");

        Assert.Equal("PEERS\nPeer            Client\n192.0.2.7:6881  aria2\nx\n", Write(table));
    }

    private static string Write(Table table)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        PlainText.Write(writer, table);
        return writer.ToString();
    }
}
