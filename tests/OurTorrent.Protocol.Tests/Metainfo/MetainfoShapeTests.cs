using System.Text;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Protocol.Tests.Fixtures;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>Torrents of a quarter of a megabyte whose shape is meant to cost much: memory and time stay in proportion to the file.</summary>
public sealed class MetainfoShapeTests
{
    private const int Length = 256 * 1024;
    private const int MostForEachByte = 200;

    private static readonly object File = Bencode.Dict("", Bencode.Dict("length", 0));

    private static readonly Dictionary<string, Func<byte[]>> Shapes = new()
    {
        ["many files deep in one directory"] = () => Tree(Nest(64 - 1, Names(20, File))),
        ["many directories of one file"] = () => Tree(Names(26, Bencode.Dict("a", File))),
        ["many deep directories"] = () => Tree(Names(270, Nest(60, File))),
        ["many files of one name"] = () => List(27, _ => Bencode.Dict("length", 0, "path", new[] { "a" })),
        ["many names that differ in case alone"] = () => List(29, i => Bencode.Dict("length", 0, "path", new[] { CaseOf("abcdefghijklmnop", i) })),
        ["many long names alike but for their ends"] = () => List(300, i => Bencode.Dict("length", 0, "path", new[] { new string('x', 260) + i.ToString("D5", null) })),
        ["many files that are in the way of directories"] = () => List(37, i => Bencode.Dict("length", 0, "path", i % 2 == 0 ? ["a"] : (string[])["a", "b"])),
        ["many links"] = () => List(60, i => Bencode.Dict("attr", "l", "path", new[] { i.ToString("D5", null) }, "symlink path", Enumerable.Repeat("a", 8))),
        ["many trackers"] = () => Around("announce-list", Many(10, i => new[] { i.ToString("D5", null) })),
        ["many web seeds"] = () => Around("url-list", Many(8, i => i.ToString("D5", null))),
        ["many nodes"] = () => Around("nodes", Many(10, _ => new object[] { "a", 1 })),
        ["many keys that are unknown"] = () => Encoding.Latin1.GetBytes("d4:info" + Encoding.Latin1.GetString(Info) + string.Concat(Enumerable.Repeat("1:zle", Length / 5)) + "e"),
        ["one key again and again"] = () => Encoding.Latin1.GetBytes("d4:info" + Encoding.Latin1.GetString(Info) + string.Concat(Enumerable.Repeat("8:url-listle", Length / 12)) + "e"),
        ["a long name"] = () => Bencode.Of(Bencode.Dict("info", Bencode.Dict("length", 0, "name", new byte[Length], "piece length", 16384, "pieces", ""))),
    };

    private static byte[] Info => Bencode.Of(Bencode.Dict("length", 0, "name", "x", "piece length", 16384, "pieces", ""));

    public static TheoryData<string> All() => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_shape_that_is_meant_to_cost_much_does_not(string shape)
    {
        byte[] file = Shapes[shape]();
        Assert.InRange(file.Length, Length / 2, Length * 2);
        bool isValid = false;
        long enough = 64 * 1024 + ((long)MostForEachByte * file.Length);

        long allocated = Allocation.Least(() => isValid = TorrentMetainfo.TryParse(file, out _, out _), enough);

        Assert.True(isValid);
        TestContext.Current.TestOutputHelper?.WriteLine($"{shape}: {(double)allocated / file.Length:0.0} bytes allocated a byte");
        Assert.InRange(allocated, 0, enough);
    }

    private static object[] Many(int each, Func<int, object> make) => [.. Enumerable.Range(0, Length / each).Select(make)];

    private static Bencode.Entries Names(int each, object value) => Bencode.Dict([.. Many(each, i => i).SelectMany(i => new[] { ((int)i).ToString("D5", null), value })]);

    private static object Nest(int depth, object value) => depth == 0 ? value : Bencode.Dict("a", Nest(depth - 1, value));

    private static string CaseOf(string name, int bits) =>
        string.Concat(name.Select((c, i) => (bits >> i & 1) == 0 ? c : char.ToUpperInvariant(c)));

    private static byte[] Tree(object tree) => Bencode.Of(Bencode.Dict("info", Bencode.Dict(
        "file tree", tree, "meta version", 2, "name", "x", "piece length", 16384)));

    private static byte[] List(int each, Func<int, object> file) => Bencode.Of(Bencode.Dict("info", Bencode.Dict(
        "files", Many(each, file), "name", "x", "piece length", 16384, "pieces", "")));

    private static byte[] Around(string key, object value) =>
        Bencode.Of(string.CompareOrdinal(key, "info") < 0
            ? Bencode.Dict(key, value, "info", Bencode.Dict("length", 0, "name", "x", "piece length", 16384, "pieces", ""))
            : Bencode.Dict("info", Bencode.Dict("length", 0, "name", "x", "piece length", 16384, "pieces", ""), key, value));
}
