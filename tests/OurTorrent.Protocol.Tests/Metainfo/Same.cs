using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Protocol.Tests.Metainfo;

/// <summary>Compares torrents by all that they say.</summary>
internal static class Same
{
    public static void Assert(TorrentMetainfo expected, TorrentMetainfo actual, bool exactDate = true)
    {
        Xunit.Assert.Equal(expected.InfoHashes, actual.InfoHashes);
        Xunit.Assert.Equal(expected.RawInfo.ToArray(), actual.RawInfo.ToArray());
        Xunit.Assert.Equal(expected.Version, actual.Version);
        Xunit.Assert.Equal(expected.Name, actual.Name);
        Xunit.Assert.Equal(expected.PieceLength, actual.PieceLength);
        Xunit.Assert.Equal(expected.PieceCount, actual.PieceCount);
        Xunit.Assert.Equal(expected.TotalSize, actual.TotalSize);
        Xunit.Assert.Equal(expected.IsSingleFile, actual.IsSingleFile);
        Xunit.Assert.Equal(expected.IsPrivate, actual.IsPrivate);
        Xunit.Assert.Equal(expected.Trackers, actual.Trackers);
        Xunit.Assert.Equal(expected.WebSeeds, actual.WebSeeds);
        Xunit.Assert.Equal(expected.HttpSeeds, actual.HttpSeeds);
        Xunit.Assert.Equal(expected.Nodes, actual.Nodes);
        Xunit.Assert.Equal(expected.Comment, actual.Comment);
        Xunit.Assert.Equal(expected.CreatedBy, actual.CreatedBy);
        Xunit.Assert.Equal(expected.Source, actual.Source);
        Xunit.Assert.Equal(expected.Encoding, actual.Encoding);
        Xunit.Assert.Equal(expected.HasPieceLayers, actual.HasPieceLayers);
        Xunit.Assert.Equal(
            exactDate ? expected.CreationDate : expected.CreationDate?.AddTicks(-(expected.CreationDate.Value.Ticks % TimeSpan.TicksPerSecond)),
            actual.CreationDate);
        Xunit.Assert.Equal(expected.Files.Select(Values), actual.Files.Select(Values));
        for (int piece = 0; piece < expected.PieceCount; piece++)
        {
            if (expected.Version != TorrentVersion.V2)
                Xunit.Assert.True(expected.PieceHashV1(piece).SequenceEqual(actual.PieceHashV1(piece)));
            if (expected.Version != TorrentVersion.V1)
                Xunit.Assert.True(expected.PieceHashV2(piece).SequenceEqual(actual.PieceHashV2(piece)));
        }
    }

    private static object Values(TorrentFile file) => (
        file.Index, file.DisplayPath, string.Join('/', file.ExactPath), file.Length, file.Offset, file.Attributes,
        (string.Join('/', file.SymlinkTarget ?? []), Convert.ToHexString(file.PiecesRoot.Span), file.FirstPiece, file.EndPiece));
}
