using System.Reflection;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>The page for people, at <c>/</c>. It is one file without anything from elsewhere, and reads <c>stats</c> beside it every second.</summary>
internal static class OverviewPage
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

    public static PageContent Content { get; } = new("text/html; charset=utf-8", Read(), Policy: Policy);

    private static byte[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("overview.html")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
