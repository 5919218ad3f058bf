using OurTorrent.Protocol.Metainfo;
using OurTorrent.Simulation.Storage;

namespace OurTorrent.Simulation.Swarms;

public sealed class SelectedFilesTests
{
    private const int PieceLength = 32 * 1024;
    private static readonly int[] Lengths = [1_000_000, 500_001, 2_000_000, 300, 1_500_000];

    [Fact]
    public void Those_who_want_some_files_get_these_and_nothing_beyond_the_pieces_they_share()
    {
        using var world = new SwarmWorld(seed: 1, (seed, tracker) => new SimulatedContent(
            seed, [.. Lengths.Select((length, i) => new MetainfoFile([$"file {i}"], length))], PieceLength, tracker));
        world.AddSeeder(Lines.Of(100_000));
        for (int i = 0; i < 20; i++)
        {
            // Every peer wants other files, so that they have to find out who has what.
            int wanted = 1 + (i % 31);
            var torrent = new TorrentOptions { Priority = file => (wanted >> file.Index & 1) != 0 ? FilePriority.Normal : FilePriority.Skip };
            world.AddPeer(new PeerSetup { Link = Lines.Of(50_000), Torrent = torrent });
        }

        world.RunToCompletion(TimeSpan.FromHours(1));
        world.Expect(() => Assert.All(world.Leechers, AssertItsOwn));

        void AssertItsOwn(SwarmPeer peer)
        {
            TorrentMetainfo metainfo = world.Content.Metainfo;
            int pieces = 0;
            for (int piece = 0; piece < metainfo.PieceCount; piece++)
            {
                bool isWanted = metainfo.Files.Any(file =>
                    peer.Setup.Torrent.Priority!(file) != FilePriority.Skip && file.FirstPiece <= piece && piece < file.EndPiece);
                Assert.Equal(isWanted, peer.Torrent.Swarm.Have[piece]);
                pieces += isWanted ? 1 : 0;
            }

            TorrentStatus status = peer.Torrent.Status;
            Assert.InRange(status.BytesDownloaded - status.BytesWasted, 1, pieces * (long)PieceLength);
            foreach (TorrentFile file in metainfo.Files)
            {
                if (peer.Setup.Torrent.Priority!(file) != FilePriority.Skip)
                    Assert.True(peer.Stored.IsRight(file.Offset, file.Length));
            }
        }
    }
}
