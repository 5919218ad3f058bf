using System.Text;
using OurTorrent.Protocol.Magnets;

namespace OurTorrent.Fuzz.Magnets;

/// <summary>Magnet links (BEP 9, BEP 53).</summary>
internal static class MagnetTarget
{
    public static void Check(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (!MagnetLink.TryParse(text, out MagnetLink? link, out string? error))
        {
            Promise.That(error.Length is > 0 and < 500, "an error has words, and not too many");
            Bound(text);
            return;
        }

        Bound(text);
        Promise.That(link.InfoHashes is not { V1: null, V2: null }, "a link names a torrent");
        foreach (string url in link.Trackers.Concat(link.WebSeeds).Concat(link.Sources))
            Promise.That(url.Length > 0, "no URL is empty");
        Promise.That(link.Trackers.Distinct(StringComparer.Ordinal).Count() == link.Trackers.Count, "no tracker is named twice");
        Promise.That(link.Peers.All(peer => peer.Port is > 0 and <= ushort.MaxValue && peer.Host.Length is > 0 and < 256), "peers have a host and a port");
        Promise.That(link.SelectedFiles.All(range => range.First >= 0 && range.First <= range.Last), "files are selected from the front");

        string written = link.ToString();
        Promise.That(written.All(c => c is > ' ' and < '\x7f'), "a link is written in visible ASCII");
        Promise.That(MagnetLink.TryParse(written, out MagnetLink? again, out _), "a link that is written can be read");
        Promise.Same(Describe(link), Describe(again), "a link that is written reads back as the same");
        Promise.Same(written, again.ToString(), "a link is always written alike");
    }

    private static void Bound(string text) =>
        Promise.Allocates(8192 + (100L * text.Length), () => MagnetLink.TryParse(text, out _, out _));

    private static string Describe(MagnetLink link) => string.Join(
        '\n',
        link.InfoHashes,
        link.Name,
        link.Length,
        string.Join(' ', link.Trackers),
        string.Join(' ', link.WebSeeds),
        string.Join(' ', link.Sources),
        string.Join(' ', link.Peers),
        string.Join(' ', link.SelectedFiles));
}
