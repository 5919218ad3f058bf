using System.Globalization;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>Connected peers, a line each, the busiest first.</summary>
internal static class PeerLines
{
    /// <summary>Lists peers below a line with what the columns mean.</summary>
    /// <param name="peers">The peers; at least one.</param>
    /// <param name="width">How many columns there are.</param>
    /// <param name="most">How many peers there is room for.</param>
    /// <param name="isSeeding">Whether nothing is received: then what was sent is told instead.</param>
    public static IEnumerable<string> Draw(IReadOnlyList<PeerStatus> peers, int width, int most, bool isSeeding)
    {
        PeerStatus[] shown = [.. peers.OrderByDescending(static peer => peer.DownloadRate + peer.UploadRate).Take(most)];
        int address = Math.Max("Peer".Length, shown.Max(static peer => peer.EndPoint.ToString().Length));
        (string first, string second) = isSeeding ? ("Up", "Sent") : ("Down", "Up");
        yield return Fit($"{"Peer".PadRight(address)}  {"Has",6}  {first,11}  {second,11}  Client", width);
        foreach (PeerStatus peer in shown)
        {
            (first, second) = isSeeding
                ? (ByteSize.FormatRate(peer.UploadRate), ByteSize.Format(peer.BytesUploaded))
                : (ByteSize.FormatRate(peer.DownloadRate), ByteSize.FormatRate(peer.UploadRate));
            yield return Fit($"{peer.EndPoint.ToString().PadRight(address)}  {Percent.Format(peer.Progress),6}  {first,11}  {second,11}  {peer.Client}", width);
        }

        if (shown.Length < peers.Count)
            yield return Fit(string.Create(CultureInfo.InvariantCulture, $"and {peers.Count - shown.Length} more"), width);
    }

    private static string Fit(string text, int width) => TextWidth.Fit(Printable.Of(text), width);
}
