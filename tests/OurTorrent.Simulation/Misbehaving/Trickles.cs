using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>Sends what it is asked for, ten bytes a second.</summary>
internal sealed class Trickles : Misbehavior
{
    private const int BytesPerSecond = 10;

    private readonly Dictionary<RawConnection, (byte[] Message, int Sent)> _blocks = [];

    public override void Asked(RawConnection connection, BlockRequest request) =>
        _blocks.TryAdd(connection, (connection.MessageOf(request), 0));

    public override void Tick(RawConnection connection)
    {
        if (!_blocks.TryGetValue(connection, out (byte[] Message, int Sent) block) || block.Sent == block.Message.Length)
            return;
        int count = Math.Min(BytesPerSecond, block.Message.Length - block.Sent);
        connection.Send(block.Message.AsMemory(block.Sent, count));
        _blocks[connection] = (block.Message, block.Sent + count);
    }

    public override void Ended(RawConnection connection) => _blocks.Remove(connection);
}
