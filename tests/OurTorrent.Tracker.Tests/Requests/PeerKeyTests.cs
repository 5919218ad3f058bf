using OurTorrent.Protocol;
using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Tests.Requests;

public sealed class PeerKeyTests
{
    [Fact]
    public void A_key_that_was_given_is_taken() => Assert.Equal(7u, PeerKey.Of(7, Id("-OT0001-abcdefghijkl")));

    [Fact]
    public void Without_a_key_every_byte_of_the_id_counts()
    {
        byte[] id = "-OT0001-abcdefghijkl"u8.ToArray();
        HashSet<uint> keys = [PeerKey.Of(0, new PeerId(id))];
        for (int i = 0; i < id.Length; i++)
        {
            id[i] ^= 1;
            Assert.True(keys.Add(PeerKey.Of(0, new PeerId(id))), $"Byte {i}.");
            id[i] ^= 1;
        }
    }

    [Fact]
    public void The_same_id_gives_the_same_key() => Assert.Equal(PeerKey.Of(0, Id("-OT0001-abcdefghijkl")), PeerKey.Of(0, Id("-OT0001-abcdefghijkl")));

    private static PeerId Id(string text) => new(System.Text.Encoding.ASCII.GetBytes(text));
}
