using System.Buffers;
using System.Net;
using System.Text;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// A peer that says the same thing again and again, as fast as it can, to an engine with a torrent of many pieces and many other
/// peers. What each repetition costs must have nothing to do with how many those are.
/// </summary>
public sealed class MessageStormTests
{
    private const int Others = 60;
    private const int PieceCount = 50_000;
    private const int StormLength = 256 * 1024;

    // The storm itself is kept and passed on in memory, and an extension handshake becomes an object with strings.
    private const int MostForEachByte = 32;
    private const int Overhead = 1024 * 1024;

    private static FuzzTorrent Sparse { get; } = FuzzTorrent.WithoutContent(PieceCount);

    private static readonly Dictionary<string, Action<IBufferWriter<byte>>> All = new()
    {
        ["keep-alive"] = PeerMessageWriter.WriteKeepAlive,
        ["choke"] = PeerMessageWriter.WriteChoke,
        ["unchoke"] = PeerMessageWriter.WriteUnchoke,
        ["choke, unchoke"] = writer =>
        {
            PeerMessageWriter.WriteChoke(writer);
            PeerMessageWriter.WriteUnchoke(writer);
        },
        ["interested, not interested"] = writer =>
        {
            PeerMessageWriter.WriteInterested(writer);
            PeerMessageWriter.WriteNotInterested(writer);
        },
        ["have"] = writer => PeerMessageWriter.WriteHave(writer, 7),
        ["have all"] = PeerMessageWriter.WriteHaveAll,
        ["have none"] = PeerMessageWriter.WriteHaveNone,
        ["suggest"] = writer => PeerMessageWriter.WriteSuggest(writer, 7),
        ["allowed fast"] = writer => PeerMessageWriter.WriteAllowedFast(writer, 7),
        ["request"] = writer => PeerMessageWriter.WriteRequest(writer, new BlockRequest(7, 0, 16384)),
        ["cancel"] = writer => PeerMessageWriter.WriteCancel(writer, new BlockRequest(7, 0, 16384)),
        ["request, cancel"] = writer =>
        {
            PeerMessageWriter.WriteRequest(writer, new BlockRequest(7, 0, 16384));
            PeerMessageWriter.WriteCancel(writer, new BlockRequest(8, 0, 16384));
        },
        ["reject"] = writer => PeerMessageWriter.WriteReject(writer, new BlockRequest(7, 0, 16384)),
        ["port"] = writer => PeerMessageWriter.WritePort(writer, 1),
        ["extension handshake"] = writer => PeerMessageWriter.WriteExtended(writer, 0, "d1:pi1e4:reqqi1ee"u8),
        ["upload only"] = writer => PeerMessageWriter.WriteExtended(writer, 0, "d11:upload_onlyi1ee"u8),
    };

    public static TheoryData<string> Storms() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Storms))]
    public void A_storm_of_one_message_costs_memory_in_proportion_to_its_length(string storm)
    {
        foreach (bool isFast in (bool[])[true, false])
        {
            using FuzzWorld world = Crowd(isFast);
            FuzzPeer peer = Join(world, Others, isFast);
            byte[] bytes = Repeat(All[storm]);
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long enough = Overhead + ((long)MostForEachByte * bytes.Length);

            void Storm()
            {
                peer.SayRaw(bytes);
                world.Settle();
            }

            long allocated = Allocation.Least(Storm, enough);

            double milliseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / bytes.Length * 1024 * 1024;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{storm}, {(isFast ? "Fast" : "not Fast")}: {(double)allocated / bytes.Length:0.0} bytes allocated a byte, {milliseconds:0} ms of CPU a MiB");
            Assert.InRange(allocated, 0, enough);
        }
    }

    [Fact]
    public void Interest_that_goes_to_and_fro_is_looked_at_once_for_each_read()
    {
        using FuzzWorld world = Crowd(isFast: true);
        FuzzPeer peer = Join(world, Others, isFast: true);
        int before = world.Random.Draws;

        peer.SayRaw(Repeat(All["interested, not interested"]));
        world.Settle();

        Assert.InRange(world.Random.Draws - before, 1, 20 * (Others + 1));
    }

    private static FuzzWorld Crowd(bool isFast)
    {
        var world = new FuzzWorld(Sparse, new SessionOptions(), new TorrentOptions { MaxPeers = Others * 2 }, []) { IsDiskFast = true };
        world.Settle();
        for (int i = 0; i < Others; i++)
            Join(world, i, isFast);
        return world;
    }

    private static byte[] Repeat(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        while (output.WrittenCount < StormLength)
            write(output);
        return output.WrittenSpan.ToArray();
    }

    private static FuzzPeer Join(FuzzWorld world, int index, bool isFast)
    {
        FuzzPeer peer = world.Connect(new IPEndPoint(new IPAddress([10, 1, 0, (byte)index]), 1000));
        PeerId id = new(Encoding.ASCII.GetBytes($"-ST0001-storm{index:D7}"));
        peer.Greet((isFast ? PeerCapabilities.Fast : PeerCapabilities.None) | PeerCapabilities.ExtensionProtocol, world.Metainfo.InfoHashes.Wire, id);
        peer.SayHaveAll();
        peer.Say(PeerMessageWriter.WriteUnchoke);
        peer.Say(PeerMessageWriter.WriteInterested);
        world.Settle();
        return peer;
    }
}
