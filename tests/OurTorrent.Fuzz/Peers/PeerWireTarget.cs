using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// Whole conversations of hostile peers with the engine as it is: the input is a script of up to four connections, the disk and the
/// clock, see <see cref="PeerWireScript"/>. When the script is over, an honest peer comes, and gets what it came for.
/// </summary>
internal static class PeerWireTarget
{
    private const int LongestScript = 4096;
    private const int PieceLength = 32 * 1024;

    // Beside the blocks and buffers of an engine, whose number is fixed, what a script adds.
    private const long Allowed = 16 * 1024 * 1024;
    private const long AllowedForEach = 64 * 1024;

    private static readonly FuzzTorrent[] Torrents =
    [
        new(TorrentVersion.V1, PieceLength, 70_000, 30_000),
        new(TorrentVersion.V2, PieceLength, 70_000, 0, 30_000),
        new(TorrentVersion.Hybrid, PieceLength, 70_000, 30_000),
        new(TorrentVersion.V1, PieceLength / 4, 8 * PieceLength / 4),
    ];

    public static void Check(byte[] input)
    {
        if (input.Length is < 2 or > LongestScript)
            return;

        FuzzTorrent torrent = Torrents[input[0] & 3];
        Promise.Allocates(Allowed + (AllowedForEach * input.Length), () =>
        {
            using var script = new PeerWireScript(torrent, input);
            script.Run();
            return true;
        });
    }
}
