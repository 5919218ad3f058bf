using System.Security.Cryptography;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Protocol.Tests.Peers;

public sealed class OurPeerIdTests
{
    [Fact]
    public void The_same_seed_gives_the_same_id()
    {
        Assert.Equal(OurPeerId.Create(new Random(4)), OurPeerId.Create(new Random(4)));
        Assert.NotEqual(OurPeerId.Create(new Random(4)), OurPeerId.Create(new Random(5)));
    }

    [Fact]
    public void An_id_begins_with_the_name_and_reads_as_text()
    {
        using var random = RandomNumberGenerator.Create();

        PeerId first = OurPeerId.Create(random);
        PeerId second = OurPeerId.Create(random);

        Assert.Matches("^-OT0100-[0-9A-Za-z]{12}$", first.ToString());
        Assert.Matches("^-OT0100-[0-9A-Za-z]{12}$", OurPeerId.Create(new Random(1)).ToString());
        Assert.NotEqual(first, second);
        Assert.Equal(OurPeerId.ClientName, ClientNames.Of(first));
    }
}
