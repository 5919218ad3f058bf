using System.Reflection;
using System.Text.Json;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>
/// The page for people, at <c>/</c>. It is one file without anything from elsewhere; it has the statistics in it when it comes, and
/// then reads <c>stats</c> beside it every second.
/// </summary>
internal static class OverviewPage
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

    private static readonly byte[] Html = Read();
    private static readonly int FirstStart = Html.AsSpan().IndexOf("/*first*/null"u8);
    private static readonly int FirstEnd = FirstStart + "/*first*/null".Length;

    /// <summary>Writes the page.</summary>
    /// <param name="document">What it shows at first. In its JSON, what could end a script is escaped.</param>
    public static PageContent Write(OverviewDocument document)
    {
        byte[] first = JsonSerializer.SerializeToUtf8Bytes(document, PagesJson.Default.OverviewDocument);
        return new("text/html; charset=utf-8", (byte[])[.. Html.AsSpan(0, FirstStart), .. first, .. Html.AsSpan(FirstEnd)], Policy: Policy);
    }

    private static byte[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("overview.html")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
